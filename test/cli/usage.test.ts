import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Command } from 'commander';
import { load } from 'js-yaml';
import { examplesOf } from '../../src/cli/examples.ts';
import { program } from '../../src/cli/program.ts';
import { processSurroundings } from '../../src/cli/surroundings.ts';
import { json, typed } from './typed.ts';

const names: string[] = [];
const collect = (command: Command, path: string): void => {
  for (const child of command.commands) {
    if (child.name().startsWith('__') || child.name() === 'help') continue;
    names.push(`${path}${child.name()}`);
    collect(child, `${path}${child.name()} `);
  }
};
const root = program(processSurroundings(['node', 'seaworthy']));
collect(root, '');
const find = (name: string): Command =>
  name.split(' ').reduce((command, word) => command.commands.find((child) => child.name() === word) ?? command, root);

describe('help', () => {
  test('there are the commands of the first release', () => {
    const wanted = [
      'capture',
      'points',
      'points list',
      'points show',
      'points diff',
      'plan',
      'plan explain',
      'recover',
      'rehearse',
    ];
    assert.deepEqual([...names].sort(), [...wanted, 'sandbox', 'sandbox start', 'version', 'completion'].sort());
  });

  for (const name of names)
    test(`of ${name} is data, says its usage, and shows examples`, async () => {
      const { exit, out, err } = await typed(`${name} --help`);
      assert.equal(exit, 0);
      assert.equal(err, '');
      assert.match(out, new RegExp(`^Usage: seaworthy ${name} `));
      if (name !== 'points' && name !== 'sandbox') assert.match(out, /\nExamples:\n {2}# .+\n {2}seaworthy /);
      for (const { line } of examplesOf(find(name))) assert.ok(out.includes(line), line);
    });

  test('speaks of kubectl seaworthy where it was called so', async () => {
    const { out } = await typed('capture --help', { program: 'kubectl seaworthy' });
    assert.match(out, /^Usage: kubectl seaworthy capture/);
    assert.match(out, /\n {2}kubectl seaworthy capture --vault/);
    assert.doesNotMatch(out, /\n {2}seaworthy /);
  });

  test('every command that talks to a cluster takes the context flags of kubectl', () => {
    const flags = [
      '--kubeconfig',
      '--context',
      '--cluster',
      '--user',
      '--server',
      '--token',
      '--certificate-authority',
    ];
    const more = ['--client-certificate', '--client-key', '--insecure-skip-tls-verify', '--tls-server-name', '--as'];
    for (const name of ['capture', 'plan', 'plan explain', 'recover'])
      for (const flag of [...flags, ...more, '--as-group', '--request-timeout'])
        assert.ok(
          find(name).options.some(({ long }) => long === flag),
          `${name} ${flag}`,
        );
  });
});

describe('a command line that is wrong', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['captrue', /unknown command 'captrue'/],
    ['capture --vualt x', /unknown option '--vualt' \(Did you mean --vault\?\)/],
    ['capture extra', /too many arguments/],
    ['plan -o xml', /Allowed choices are table, tree, json, yaml/],
    ['plan --field-ownership some', /Allowed choices are all, apply, none/],
    ['plan explain', /missing required argument 'key'/],
    ['points diff one', /missing required argument 'after'/],
    ['recover --vault v', /either --plan FILE or --point POINT/],
    ['recover --vault v --plan a --point b', /either --plan FILE or --point POINT/],
    ['recover --vault v --plan a -n shop', /With --plan, what is recovered stands in the plan/],
    ['recover --vault v --point latest --settle soon', /--settle soon is no number/],
    ['recover --vault v --plan nowhere.json', /FILE-UNREADABLE/],
    ['capture', /VAULT-UNNAMED: No vault was named/],
    ['completion powershell', /Allowed choices are bash, zsh, fish, kubectl/],
  ];
  for (const [line, said] of wrong)
    test(`${line}: exit 2, nothing on stdout, and what to do next`, async () => {
      const { exit, out, err } = await typed(line);
      assert.equal(exit, 2);
      assert.equal(out, '');
      assert.match(err, said);
      assert.match(err, /^error: [A-Z-]+: .+\nhint: .+\n$/);
    });

  test('is told as one line of JSON when JSON was asked for', async () => {
    for (const line of ['capture -o json', 'plan -o json --nonsense', 'recover --output=json --vault v']) {
      const { exit, err } = await typed(line);
      assert.equal(exit, 2);
      assert.equal(err.trimEnd().split('\n').length, 1);
      const { error } = JSON.parse(err) as { error: { code: string; sentence: string; hint: string } };
      assert.match(error.code, /^(USAGE|VAULT-UNNAMED)$/);
      assert.ok(error.sentence.length > 10 && error.hint.length > 10);
    }
  });

  test('nothing at all: the help on stderr, exit 2', async () => {
    for (const line of ['', 'points']) {
      const { exit, out, err } = await typed(line);
      assert.equal(exit, 2);
      assert.equal(out, '');
      assert.match(err, /^Usage: seaworthy/);
    }
  });
});

describe('an error that has a cause', () => {
  test('tells the cause with -v, and keeps it to itself without', async () => {
    const line = 'plan explain namespaces/a --plan nowhere.json';
    const { err } = await typed(line);
    assert.doesNotMatch(err, /ENOENT/);
    assert.match((await typed(`${line} -v`)).err, /\ncause: ENOENT: .+nowhere\.json/);
    assert.match((await typed(`${line} -v -o json`)).err, /"cause":\["ENOENT/);
  });

  test('that nobody foresaw is named a defect, and ends the command with exit 1', async () => {
    const { exit, err } = await typed('points list --vault v');
    assert.equal(exit, 1);
    assert.match(err, /^error: UNEXPECTED: no vault at v\nhint: This is a defect/);
  });
});

describe('version', () => {
  test('says the versions of the program and of Node, in three formats', async () => {
    assert.match((await typed('version')).out, /^seaworthy \d+\.\d+\.\d+\nnode {6}24\./);
    const told = json<{ seaworthy: string; node: string }>(await typed('version -o json'));
    assert.deepEqual(load((await typed('version -o yaml')).out), told);
    assert.equal((await typed('--version')).out, `${told.seaworthy}\n`);
    assert.equal((await typed('-V')).exit, 0);
  });
});
