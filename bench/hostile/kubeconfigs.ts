import { Random } from '../worlds/random.ts';

/** A kubeconfig that is wrong in one way. `broken`: it must be refused; else it may have stayed readable by luck. */
export interface BadKubeconfig {
  readonly what: string;
  readonly text: string;
  readonly broken: boolean;
}

type Tree = { [key: string]: unknown } | unknown[];

function good(): { [key: string]: unknown } {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'c', cluster: { server: 'https://one.example:6443' } }],
    users: [{ name: 'u', user: { token: 'abc' } }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'n' } }],
  };
}

/** Places whose type decides; every one is read on the way to a connection. */
const TEXTS = [
  ['current-context'],
  ['kind'],
  ['clusters', 0, 'name'],
  ['clusters', 0, 'cluster', 'server'],
  ['users', 0, 'user', 'token'],
  ['contexts', 0, 'context', 'cluster'],
  ['contexts', 0, 'context', 'user'],
  ['contexts', 0, 'context', 'namespace'],
] as const;
const MAPS = [
  ['clusters', 0, 'cluster'],
  ['users', 0, 'user'],
  ['contexts', 0, 'context'],
] as const;
const LISTS = [['clusters'], ['users'], ['contexts']] as const;
const BAD_SERVERS = [
  'one.example',
  'ftp://one.example',
  'https://',
  'https://a b',
  'https://u:p@one.example',
  'javascript:1',
  '//x',
  'https://[::1',
  'http://one.example:99999',
];
const MB = 1 << 20;

const kinds: readonly ((random: Random) => BadKubeconfig)[] = [
  (random) => {
    const value = random.pick([['a'], { a: 'b' }, [[]], [{ a: [] }]]);
    return typed('a text', TEXTS, value, random);
  },
  (random) => typed('a mapping', MAPS, random.pick(['text', ['a'], '7']), random),
  (random) => typed('a list', LISTS, random.pick(['text', { a: 'b' }, '7', ['text'], [['a']]]), random),
  (random) =>
    withTree('a server that is none', (tree) =>
      put(tree, ['clusters', 0, 'cluster', 'server'], random.pick(BAD_SERVERS)),
    ),
  (random) =>
    withTree('a name twice', (tree) => {
      const field = random.pick(['clusters', 'users', 'contexts']);
      const list = tree[field] as unknown[];
      list.push(structuredClone(list[0]));
    }),
  (random) =>
    withTree('a name that leads nowhere', (tree) =>
      put(
        tree,
        random.pick([['current-context'], ['contexts', 0, 'context', 'cluster'], ['contexts', 0, 'context', 'user']]),
        `gone-${random.below(99)}`,
      ),
    ),
  (random) =>
    withTree('a name of 10 MB', (tree) => put(tree, random.pick(TEXTS), random.pick(['n', 'ä', '\n']).repeat(10 * MB))),
  (random) =>
    withTree('rubbish for a certificate', (tree) =>
      put(
        tree,
        ['clusters', 0, 'cluster', 'certificate-authority-data'],
        random.pick([
          '!!',
          'YQ==',
          Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----').toString('base64'),
        ]),
      ),
    ),
  (random) =>
    withTree('a certificate file that is not there', (tree) =>
      put(tree, ['users', 0, 'user'], {
        'client-certificate': `/nowhere/${random.below(99)}`,
        'client-key': '/nowhere',
      }),
    ),
  (random) =>
    withTree('a plugin that is none', (tree) =>
      put(tree, ['users', 0, 'user'], {
        exec: random.pick<unknown>([
          { command: 'a' },
          { apiVersion: 'v1' },
          'text',
          ['a'],
          { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'a' },
          { apiVersion: 'client.authentication.k8s.io/v1', command: ['a'] },
        ]),
      }),
    ),
  (random) => ({
    what: 'nesting without end',
    broken: true,
    text: random.pick(['[', '{a: ', '- ', '{"a":[']).repeat(1000 + random.below(200_000)),
  }),
  (random) => {
    const rows = Array.from(
      { length: 12 + random.below(30) },
      (_, row) => `a${row + 1}: &a${row + 1} [${`*a${row},`.repeat(9)}*a${row}]`,
    );
    return {
      what: 'a bomb of aliases',
      broken: true,
      text: `a0: &a0 [x]\n${rows.join('\n')}\nclusters: *a${rows.length}\n`,
    };
  },
  (random) => ({
    what: 'no YAML',
    broken: true,
    text: random.pick([
      '{[',
      '"',
      'a: b: c: [',
      '%YAML 9.9\n---\n!!binary',
      '\u0000\u0001',
      '\uFEFF{',
      'clusters: &a [*a]',
      '&a *a',
      'kind: !!js/function x',
      '? [a\n',
    ]),
  }),
  (random) => ({
    what: 'another document',
    broken: true,
    text: random.pick([
      'kind: Secret\n',
      'hello',
      '[1, 2]',
      '7',
      'kind: List\nitems: []\n',
      '"Config"',
      JSON.stringify({ kind: 'Status', code: 401 }),
    ]),
  }),
  // Below, luck decides.
  (random) => {
    const text = toText(good(), random);
    return { what: 'cut off', broken: false, text: text.slice(0, random.below(text.length)) };
  },
  (random) => {
    const bytes = Buffer.from(toText(good(), random));
    for (let times = 1 + random.below(8); times > 0; times--) bytes[random.below(bytes.length)] = random.below(256);
    return { what: 'bytes changed', broken: false, text: bytes.toString('latin1') };
  },
  (random) => {
    const lines = toText(good(), random).split('\n');
    for (let times = 1 + random.below(4); times > 0; times--)
      lines.splice(random.below(lines.length), random.below(2), random.pick(lines));
    return { what: 'lines mixed up', broken: false, text: lines.join('\n') };
  },
];

/** The n-th of an endless row of malformed kubeconfigs: every kind in turn. */
export function badKubeconfig(seed: number, number: number): BadKubeconfig {
  const kind = kinds[number % kinds.length];
  if (kind === undefined) throw new Error('unreachable');
  return kind(new Random(seed * 1_000_003 + number));
}

function typed(
  what: string,
  places: readonly (readonly (string | number)[])[],
  value: unknown,
  random: Random,
): BadKubeconfig {
  return withTree(`another type where ${what} belongs`, (tree) => put(tree, random.pick(places), value));
}

function withTree(what: string, change: (tree: { [key: string]: unknown }) => void): BadKubeconfig {
  const tree = good();
  change(tree);
  return { what, broken: true, text: JSON.stringify(tree) };
}

function put(tree: Tree, path: readonly (string | number)[], value: unknown): void {
  let at = tree as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
  at[path.at(-1) ?? ''] = value;
}

/** As JSON, which is YAML, or as YAML proper. */
function toText(tree: { [key: string]: unknown }, random: Random): string {
  if (random.below(2) === 0) return JSON.stringify(tree, null, random.below(2) * 2);
  return 'apiVersion: v1\nkind: Config\ncurrent-context: here\nclusters:\n- name: c\n  cluster:\n    server: https://one.example:6443\nusers:\n- name: u\n  user:\n    token: abc\ncontexts:\n- name: here\n  context:\n    cluster: c\n    user: u\n';
}
