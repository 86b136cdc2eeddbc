import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { Command } from 'commander';
import { program } from '../src/cli/program.ts';
import { processSurroundings } from '../src/cli/surroundings.ts';
import { allPages } from './pages/all.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const below = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name));
const pages = ['README.md', 'CHANGELOG.md', ...['docs', 'src', 'test'].flatMap(below)];

describe('the documentation', () => {
  test('holds exactly the pages that npm run docs makes, as it makes them', () => {
    const made = allPages();
    for (const [path, text] of made)
      assert.equal(read(join('docs', path)), text, `docs/${path} is out of date: npm run docs`);
    const there = ['commands', 'knowledge'].flatMap((folder) => below(join('docs', folder)));
    assert.deepEqual(
      there.filter((path) => !made.has(path.slice('docs/'.length))),
      [],
    );
  });

  test('leads nowhere that is not there', () => {
    const broken: string[] = [];
    for (const page of pages)
      for (const [, target = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
        const path = target.split('#')[0] ?? '';
        if (/^[a-z]+:/.test(target) || path === '') continue;
        if (!existsSync(join(ROOT, dirname(page), path))) broken.push(`${page}: ${target}`);
      }
    assert.deepEqual(broken, []);
  });

  test('names a page for every system, command and bench', () => {
    const index = read('docs/README.md');
    for (const path of allPages().keys())
      assert.ok(index.includes(`(${path})`), `docs/README.md does not name ${path}`);
    const names = [...read('bench/main.ts').matchAll(/^ {2}(\w+): '/gm)].map(([, name]) => name);
    assert.ok(names.length > 3);
    for (const name of names) assert.ok(read('docs/bench.md').includes(`| \`${name}\` `), `docs/bench.md: ${name}`);
  });

  test('says the meaning of every code that the sources can print', () => {
    const codes = read('docs/codes.md');
    const missing = new Set<string>();
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    const said =
      /(?:code: (?:[\w\s.>!=()?-]+ \? )?|(?:Fault|failed|later|withheld|reasonOf|omit|drop|because)\(\s*)'([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*)'/g;
    for (const file of sources)
      for (const [, name = ''] of read(join('src', file)).matchAll(said))
        if (!codes.includes(`\`${name}\``)) missing.add(`${file}: ${name}`);
    assert.deepEqual([...missing], []);
  });
});

describe('commands in the text', () => {
  const scripts = (JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> }).scripts;

  test('of npm are scripts of the package', () => {
    const unknown = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)]
        .map(([, run, plain]) => run ?? plain ?? '')
        .filter((name) => !Object.hasOwn(scripts, name))
        .map((name) => `${page}: npm run ${name}`),
    );
    assert.deepEqual(unknown, []);
  });

  test('of seaworthy parse, in the README, its session and every example', async () => {
    const lines = ['README.md', ...below('docs')].flatMap((page) =>
      [...read(page).matchAll(/^ *(?:\$ )?(?:npm run seaworthy -- |seaworthy )(.+)$/gm)].map(
        ([, rest = '']) => [page, rest] as const,
      ),
    );
    assert.ok(lines.some(([page]) => page === 'README.md') && lines.length > 20);
    assert.match(
      read('README.md'),
      /<!-- demo -->\n```\n\$ npm run demo\n[\s\S]*\n {7}\$ seaworthy .+[\s\S]*\n```\n<!-- \/demo -->/,
    );
    for (const [page, rest] of lines) {
      if (rest.includes('[options]') || rest.startsWith('[') || rest.includes('[command]')) continue;
      const ran = await parse(rest.replace(/ [>|].*$/, ''));
      assert.equal(ran.error, undefined, `${page}: seaworthy ${rest}: ${ran.error}`);
      assert.ok(ran.acted, `${page}: seaworthy ${rest} does nothing`);
    }
  });
});

/** Parses a line with every action taken out, so that nothing but the parsing happens. */
async function parse(line: string): Promise<{ readonly acted: boolean; readonly error: string | undefined }> {
  const silent = { ...processSurroundings(['node', 'seaworthy']), out: () => undefined, err: () => undefined };
  const root = program(silent);
  let acted = false;
  const disarm = (command: Command): void => {
    if (command.commands.length === 0 || command.name() === 'plan')
      command.action(() => {
        acted = true;
      });
    for (const child of command.commands) disarm(child);
  };
  disarm(root);
  try {
    await root.parseAsync(line.trim().split(/\s+/), { from: 'user' });
    return { acted, error: undefined };
  } catch (error) {
    return { acted, error: error instanceof Error ? error.message : String(error) };
  }
}
