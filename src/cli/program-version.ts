import { readFileSync } from 'node:fs';

/** The version of this program, from the package that it lies in: two folders up, from the sources and from what is built of them. */
export const VERSION: string = versionIn(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

function versionIn(text: string): string {
  const { version } = JSON.parse(text) as { readonly version?: unknown };
  return typeof version === 'string' ? version : 'unknown';
}
