import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { load } from 'js-yaml';
import { type Script, ScriptError, scriptOf } from './script.ts';

const ENDINGS = ['.json', '.yaml', '.yml'];

/** Every script below a folder, in the order of their names. */
export function readScripts(folder: string): Script[] {
  let files: string[];
  try {
    files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    throw new ScriptError(`${folder}: there is no such folder`, { cause });
  }
  return files
    .filter((file) => ENDINGS.includes(extname(file)))
    .sort()
    .map((file) => readScript(join(folder, file), file.slice(0, -extname(file).length)));
}

export function readScript(file: string, called: string): Script {
  const text = readFileSync(file, 'utf8');
  let content: unknown;
  try {
    content = extname(file) === '.json' ? JSON.parse(text) : load(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScriptError(`${file}: ${why}`, { cause });
  }
  return scriptOf(content, file, called);
}
