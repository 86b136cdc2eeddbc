// npm run docs: writes the pages that are made from the sources, and takes away those that are no longer made.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allPages } from './pages/all.ts';

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
