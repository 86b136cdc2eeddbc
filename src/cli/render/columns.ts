/** Rows as left-aligned columns, the last one as long as it likes; numbers are aligned to the right. Ends with a newline. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const numeric = head.map((_, at) => rows.length > 0 && rows.every((row) => /^[\d.]*$/.test(row[at] ?? '')));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        if (numeric[at] === true) return cell.padStart(width);
        return at === head.length - 1 ? cell : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}
