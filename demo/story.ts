import { styleText } from 'node:util';

/** How the demo talks: chapters numbered by the clock, sentences, commands, tables. */
export class Story {
  readonly #write: (text: string) => void;
  readonly #coloured: boolean;
  readonly #began = performance.now();

  constructor(write: (text: string) => void, coloured: boolean) {
    this.#write = write;
    this.#coloured = coloured;
  }

  /** A chapter of the demo, numbered by the clock. */
  chapter(title: string): void {
    const at = `${((performance.now() - this.#began) / 1000).toFixed(0).padStart(3)} s`;
    this.#write(`\n${this.#paint('bold', `${at}  ${title}`)}\n`);
  }

  /** One sentence for people. */
  say(text: string): void {
    this.#write(`       ${text}\n`);
  }

  /** A sentence that nobody wants to read about their own cluster. */
  alarm(text: string): void {
    this.#write(`       ${this.#paint('red', text)}\n`);
  }

  /** A command as the user would type it. */
  command(text: string): void {
    this.#write(`       ${this.#paint('cyan', `$ ${text}`)}\n`);
  }

  /** Lines that a program printed: those that match, cut at 110 characters. */
  printed(text: string, shown: RegExp): void {
    for (const line of text.split('\n'))
      if (shown.test(line)) this.#write(`       ${line.length > 110 ? `${line.slice(0, 107)}...` : line}\n`);
  }

  /** Rows of cells in columns; the marks of the last column are painted. */
  table(rows: readonly (readonly string[])[]): void {
    const wide = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
    for (const [index, row] of rows.entries()) {
      const cells = row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(wide[at] ?? 0)));
      const [mark = ''] = row.slice(-1);
      const last = mark === 'ok' ? this.#paint('green', mark) : mark === 'NO' ? this.#paint('red', mark) : mark;
      const line = [...cells.slice(0, -1), last].join('   ').trimEnd();
      this.#write(`       ${index === 0 ? this.#paint('bold', line) : line}\n`);
    }
  }

  /** What was asked, what the servers answered, and whether that is as it should be. */
  verdicts(rows: readonly { readonly what: string; readonly found: string; readonly good: boolean }[]): void {
    const wide = Math.max(...rows.map(({ what }) => what.length));
    for (const { what, found, good } of rows) {
      const mark = this.#paint(good ? 'green' : 'red', good ? 'yes' : 'NO ');
      this.#write(`       ${mark}  ${what.padEnd(wide)}  ${found}\n`);
    }
  }

  #paint(style: 'bold' | 'cyan' | 'red' | 'green', text: string): string {
    return this.#coloured ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** The story of this process: coloured on a terminal, unless NO_COLOR says otherwise. */
export function ownStory(): Story {
  const coloured = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
  return new Story((text) => void process.stdout.write(text), coloured);
}
