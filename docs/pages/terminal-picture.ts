const ROW = 18;
const LEFT = 18;
const TOP = 46;
const CHARACTER = 8.05;
const STYLES: Readonly<Record<string, string>> = { '1': 'b', '36': 'c', '31': 'r', '32': 'g' };

/** What a terminal showed, with its colours (SGR 1, 31, 32, 36), as an SVG that needs no font of its own. */
export function terminalPicture(title: string, text: string): string {
  const lines = text.replace(/\n+$/, '').split('\n');
  const longest = Math.max(...lines.map((line) => plainText(line).length));
  const [width, height] = [Math.ceil(longest * CHARACTER + 2 * LEFT), TOP + lines.length * ROW + 10];
  const rows = lines.map((line, at) => row(line, TOP + at * ROW)).filter((one) => one !== '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d5dbe3;white-space:pre}',
    '.b{font-weight:bold;fill:#fff}.c{fill:#6cc7e6}.r{fill:#ff7b72}.g{fill:#7ee787}</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#10151c"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (colour, at) => `<circle cx="${LEFT + 6 + at * 20}" cy="20" r="6" fill="${colour}"/>`,
    ),
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

/** Without colours. */
export const plainText = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, '');

function row(line: string, y: number): string {
  if (plainText(line).trim() === '') return '';
  let style = '';
  const spans = line.split(/\u001b\[(\d+)m/).flatMap((part, at) => {
    if (at % 2 === 1) {
      style = STYLES[part] ?? '';
      return [];
    }
    if (part === '') return [];
    return [style === '' ? `<tspan>${escaped(part)}</tspan>` : `<tspan class="${style}">${escaped(part)}</tspan>`];
  });
  // The width is given, so that columns stand one below the other in any font.
  const length = Math.round(plainText(line).trimEnd().length * CHARACTER);
  return `<text x="${LEFT}" y="${y}" xml:space="preserve" textLength="${length}" lengthAdjust="spacingAndGlyphs">${spans.join('')}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
