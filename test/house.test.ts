import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** What each room may import (DESIGN 3; ADR 0001). A room that is not here may not exist. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  outcome: [],
  objects: ['outcome'],
  graph: ['objects', 'outcome'],
  knowledge: ['graph', 'objects', 'outcome'],
  plan: ['knowledge', 'graph', 'objects', 'outcome'],
  cluster: ['objects', 'outcome'],
  storage: ['outcome'],
  vault: ['storage', 'objects', 'outcome'],
  capture: ['vault', 'cluster', 'knowledge', 'objects', 'outcome'],
  recover: ['vault', 'cluster', 'plan', 'knowledge', 'graph', 'objects', 'outcome'],
  rehearsal: ['recover', 'vault', 'cluster', 'plan', 'knowledge', 'graph', 'objects', 'outcome'],
  sandbox: ['cluster', 'objects', 'outcome'],
  cli: [
    'rehearsal',
    'sandbox',
    'recover',
    'capture',
    'vault',
    'storage',
    'cluster',
    'plan',
    'knowledge',
    'graph',
    'objects',
    'outcome',
  ],
};
const PURE = ['outcome', 'objects', 'graph', 'knowledge', 'plan'];
/** What a pure room may take from Node: digests of bytes are a function, no effect. */
const PURE_MAY_USE = ['node:crypto'];

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('src', file));
const product = sources.filter((file) => !file.endsWith('.test.ts'));

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const told = [
    /^(?:import|export)\s+(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?|\w+)?(?:,\s*\{[^}]*\})?\s*(?:from\s*)?'([^']+)'/gm,
    /\bimport\('([^']+)'\)/g,
  ];
  return told.flatMap((shape) =>
    [...text.matchAll(shape)].flatMap((match) => (match[1] === undefined ? [] : [match[1]])),
  );
}
const roomOf = (file: string): string => file.split('/')[1] ?? '';

test('every import follows the arrows of the house', () => {
  const broken: string[] = [];
  for (const file of product) {
    const room = roomOf(file);
    const allowed = MAY_IMPORT[room];
    if (allowed === undefined) {
      broken.push(`${file}: no such room in the house`);
      continue;
    }
    for (const target of importsOf(file).filter((name) => name.startsWith('.'))) {
      const other = roomOf(normalize(join(dirname(file), target)));
      if (other !== room && !allowed.includes(other))
        broken.push(`${file}: ${room} may not import ${other} (${target})`);
    }
  }
  assert.deepEqual(broken, []);
});

test('no two files import each other in a circle', () => {
  const edges = new Map(
    product.map((file) => [
      file,
      importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => normalize(join(dirname(file), name))),
    ]),
  );
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of edges.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of product) assert.equal(walk(file, [])?.join(' -> '), undefined);
});

test('pure rooms do no I/O and know no clock', () => {
  const broken = product
    .filter((file) => PURE.includes(roomOf(file)))
    .flatMap((file) => {
      const foreign = importsOf(file).filter((name) => !name.startsWith('.') && !PURE_MAY_USE.includes(name));
      const clock = /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|setTimeout|process\.)/.exec(
        readFileSync(file, 'utf8'),
      );
      return [...foreign.map((name) => `${file}: ${name}`), ...(clock === null ? [] : [`${file}: ${clock[0]}`])];
    });
  assert.deepEqual(broken, []);
});

test('no third-party API group stands outside the rooms that know systems', () => {
  const foreign =
    /\b(?:cnpg\.io|crossplane\.io|argoproj\.io|toolkit\.fluxcd\.io|velero\.io|karpenter\.sh|percona\.com)\b/;
  const broken = product
    .filter(
      (file) =>
        !['knowledge', 'databases', 'gitops'].includes(roomOf(file)) && !file.startsWith('src/sandbox/controllers/'),
    )
    .filter((file) => foreign.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')));
  assert.deepEqual(broken, []);
});

test('nothing is exported by default, and no folder or file has a name that says nothing', () => {
  const vague = sources.filter((file) => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.)/.test(file));
  const byDefault = product.filter((file) => /^export default/m.test(readFileSync(file, 'utf8')));
  assert.deepEqual([...vague, ...byDefault], []);
});

test('every room says in its README what it is for', () => {
  for (const room of new Set(product.map(roomOf)))
    assert.ok(readFileSync(join('src', room, 'README.md'), 'utf8').length > 40, room);
});

/** Corridors of the sandbox, from the bottom up: each may import those before it (README of src/sandbox). */
const CORRIDORS = [
  'storage',
  'status',
  'recorded',
  'metadata',
  'schema',
  'fields',
  'access',
  'kinds',
  'admission',
  'api',
  'serving',
  'cloud',
  'controllers',
];

/** Time and chance, which all corridors are given. */
const BENEATH = ['src/sandbox/clock.ts', 'src/sandbox/seeded-random.ts'];

test('the corridors of the sandbox import only those below them', () => {
  const broken: string[] = [];
  const corridorOf = (file: string): string | undefined =>
    file.split('/').length > 3 ? file.split('/')[2] : undefined;
  for (const file of product.filter((one) => one.startsWith('src/sandbox/'))) {
    const corridor = corridorOf(file);
    if (corridor === undefined) continue;
    if (!CORRIDORS.includes(corridor)) broken.push(`${file}: no such corridor`);
    for (const target of importsOf(file).filter((name) => name.startsWith('.'))) {
      const path = normalize(join(dirname(file), target));
      if (!path.startsWith('src/sandbox/')) continue;
      const other = corridorOf(path);
      const below = other !== undefined && CORRIDORS.indexOf(other) < CORRIDORS.indexOf(corridor);
      if (other !== corridor && !below && !BENEATH.includes(path)) broken.push(`${file}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});
