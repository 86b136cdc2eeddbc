import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoSession, PICTURE, withoutChance, withSession } from './pages/demo-session.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('README and picture show what the demo says, durations and chance aside', async () => {
  const { text, exit, folder } = await demoSession();
  await rm(folder, { recursive: true });
  assert.equal(exit, 0, text);
  const { readme, picture } = withSession(read('README.md'), text);
  const why = 'the demo says something else: npm run docs';
  assert.equal(withoutChance(read('README.md')), withoutChance(readme), why);
  assert.equal(withoutChance(read(PICTURE)), withoutChance(picture), why);
});

test('a session that says something else is found', () => {
  const shown = read('README.md');
  const [was, now] = [
    'cloud resources created twice                 12  ',
    'cloud resources created twice                 11  ',
  ];
  assert.ok(shown.includes(was));
  assert.notEqual(withoutChance(shown), withoutChance(shown.replace(was, now)));
});

test('a session on a slower machine counts as the same', () => {
  const shown = read('README.md');
  const slower = shown
    .replace(/^ +\d+ s {2}What the servers/m, '112 s  What the servers')
    .replace(/(seconds here +)[\d.]+( +)[\d.]+/, '$1104.9$2 7.5');
  assert.notEqual(slower, shown);
  assert.equal(withoutChance(slower), withoutChance(shown));
});
