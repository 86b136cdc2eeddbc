import { sandboxedDemo } from '../../demo/sandboxed.ts';
import { Story } from '../../demo/story.ts';
import { plainText, terminalPicture } from './terminal-picture.ts';

export const PICTURE = 'docs/demo.svg';
const BEGIN = '<!-- demo -->\n```\n';
const END = '\n```\n<!-- /demo -->';

/** What the demo prints when it runs, in colour, and its exit code. Blank space at the end of lines is taken away. */
export async function demoSession(): Promise<{
  readonly text: string;
  readonly exit: number;
  readonly folder: string;
}> {
  let text = '';
  const story = new Story((part) => {
    text += part;
  }, true);
  const exit = await sandboxedDemo(story);
  const folder = /left in (\S+);/.exec(text)?.[1] ?? '';
  text = text.replaceAll(folder, '/tmp/seaworthy-demo').replaceAll(/[ \t]+(?=\u001b\[22m\n|\n)/g, '');
  return { text: `${text.trim()}\n`, exit, folder };
}

/** The README with the session in it, and the picture. */
export function withSession(readme: string, text: string): { readonly readme: string; readonly picture: string } {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error('README.md has no place for the demo');
  const session = `$ npm run demo\n${plainText(text).trimEnd()}`;
  return {
    readme: readme.slice(0, from + BEGIN.length) + session + readme.slice(to),
    picture: terminalPicture(
      'npm run demo: a cluster dies and comes back',
      `\u001b[36m$ npm run demo\u001b[39m\n${text}`,
    ),
  };
}

/** The same for every run: without the clock, durations, sizes that times change, and what is drawn at random. */
export function withoutChance(text: string): string {
  return text
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{8}/g, 'POINT')
    .replaceAll(/ *\b\d+ s {2}(?=[A-Z])/g, ' SECONDS ')
    .replaceAll(/, \d+ kB, in [\d.]+ m?s/g, ', BYTES, in TIME')
    .replaceAll(/seconds here +[\d.]+ +[\d.]+/g, 'seconds here S S')
    .replaceAll(/ textLength="\d+"| y="\d+"| (?:viewBox|width)="[\d ]+"/g, '');
}
