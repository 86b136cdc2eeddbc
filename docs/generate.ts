// npm run docs: writes the pages that are made from the sources, takes away those that are no longer made, and records the demo anew
// where it says something else than before.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allPages } from './pages/all.ts';
import { demoSession, PICTURE, withoutChance, withSession } from './pages/demo-session.ts';

const pages = allPages();
for (const folder of ['commands', 'knowledge'])
  for (const name of readdirSync(join(import.meta.dirname, folder)))
    if (!pages.has(`${folder}/${name}`)) rmSync(join(import.meta.dirname, folder, name));
for (const [path, text] of pages) {
  const file = join(import.meta.dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
process.stderr.write(`${pages.size} pages written\n`);

const ROOT = join(import.meta.dirname, '..');
const { text, exit, folder } = await demoSession();
rmSync(folder, { recursive: true });
if (exit !== 0) throw new Error(`the demo ended with exit code ${exit}: it is not recorded`);
const before = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { readme, picture } = withSession(before, text);
if (withoutChance(readme) !== withoutChance(before) || !readdirSync(import.meta.dirname).includes('demo.svg')) {
  writeFileSync(join(ROOT, 'README.md'), readme);
  writeFileSync(join(ROOT, PICTURE), picture);
  process.stderr.write('the demo was recorded anew\n');
}
