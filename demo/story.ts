import { styleText } from 'node:util';

const coloured = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
const began = performance.now();

/** A chapter of the demo, numbered by the clock. */
export function chapter(title: string): void {
  const at = `${((performance.now() - began) / 1000).toFixed(0).padStart(3)} s`;
  process.stdout.write(`\n${coloured ? styleText('bold', `${at}  ${title}`) : `${at}  ${title}`}\n`);
}

/** One sentence for people. */
export function say(text: string): void {
  process.stdout.write(`       ${text}\n`);
}

/** A command as the user would type it. */
export function command(text: string): void {
  process.stdout.write(`       ${coloured ? styleText('cyan', `$ ${text}`) : `$ ${text}`}\n`);
}

/** A closing table: what was asked, what the servers answered, and whether that is as it should be. */
export function verdicts(
  rows: readonly { readonly what: string; readonly found: string; readonly good: boolean }[],
): void {
  const wide = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, found, good } of rows) {
    const mark = good ? 'yes' : 'NO ';
    const shown = coloured ? styleText(good ? 'green' : 'red', mark) : mark;
    process.stdout.write(`       ${shown}  ${what.padEnd(wide)}  ${found}\n`);
  }
}
