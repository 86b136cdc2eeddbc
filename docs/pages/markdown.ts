export const GENERATED = '<!-- Made by `npm run docs`; changes belong into the sources. -->';

/** A table with as many columns as the head has, its columns aligned as the formatter aligns them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [first = '', ...rest] = cells.map(line);
  return [first, line(widths.map((width) => '-'.repeat(width))), ...rest].join('\n');
}

function cell(text: string): string {
  // Every second piece stands between backticks, where a bracket is no tag.
  const pieces = text.split('`').map((piece, at) => (at % 2 === 1 ? piece : piece.replaceAll('<', '&lt;')));
  return pieces.join('`').replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function page(...parts: readonly string[]): string {
  return `${[GENERATED, ...parts].join('\n\n').trimEnd()}\n`;
}
