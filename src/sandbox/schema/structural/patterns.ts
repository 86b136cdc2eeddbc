const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** What RE2 writes and JavaScript writes otherwise: POSIX classes, \A, \z, \pL, (?P<name>, leading flags. */
function translated(pattern: string): { source: string; flags: string } {
  let flags = 'u';
  let source = pattern.replace(/^\(\?([ims]+)\)/, (_, letters: string) => {
    for (const letter of letters) if (!flags.includes(letter)) flags += letter;
    return '';
  });
  source = source
    .replace(/\[:(\^?)(\w+):\]/g, (whole, not: string, name: string) => (not === '' ? (POSIX[name] ?? whole) : whole))
    .replace(/\\([pP])([A-Z])/g, '\\$1{$2}')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\\z/g, '(?![\\s\\S])')
    .replace(/\(\?P</g, '(?<');
  return { source, flags };
}

const compiled = new Map<string, RegExp | undefined>();

/** A regular expression of Go's syntax (RE2), or undefined when it is none. Compiled once per pattern. */
export function goPattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const made = make(pattern);
  compiled.set(pattern, made);
  return made;
}

function make(pattern: string): RegExp | undefined {
  const { source, flags } = translated(pattern);
  // RE2 has neither lookaround nor references back.
  if (/\(\?<?[=!]/.test(pattern) || /(^|[^\\])(\\\\)*\\[1-9]/.test(pattern)) return undefined;
  for (const tried of [flags, flags.replace('u', '')]) {
    try {
      return new RegExp(source, tried);
    } catch {
      // RE2 allows needless escapes that the unicode mode forbids: try without it.
    }
  }
  return undefined;
}

/** What Go's compiler says of a pattern that is wrong: `error parsing regexp: missing closing ): `a(``. */
export function patternError(pattern: string): string | undefined {
  if (goPattern(pattern) !== undefined) return undefined;
  const told = (what: string, where: string): string => `error parsing regexp: ${what}: \`${where}\``;
  const group = /\(\?(?:<?[=!])/.exec(pattern);
  if (group !== null) {
    // Go quotes `(?<` in the old way and names it as invalid flags.
    const start = group[0].startsWith('(?<') ? group[0].slice(0, 4) : group[0].slice(0, 3);
    return told('invalid or unsupported Perl syntax', start);
  }
  const back = /\\[1-9]/.exec(pattern);
  if (back !== null) return told('invalid escape sequence', back[0]);
  if (/^[*+?]/.test(pattern)) return told('missing argument to repetition operator', pattern.slice(0, 1));
  let depth = 0;
  for (let index = 0; index < pattern.length; index += 1) {
    const letter = pattern[index];
    if (letter === '\\') index += 1;
    else if (letter === '[') {
      let end = index + 1;
      if (pattern[end] === '^') end += 1;
      if (pattern[end] === ']') end += 1;
      while (end < pattern.length && pattern[end] !== ']') end += pattern[end] === '\\' ? 2 : 1;
      if (end >= pattern.length) return told('missing closing ]', pattern.slice(index));
      index = end;
    } else if (letter === '(') depth += 1;
    else if (letter === ')') {
      depth -= 1;
      if (depth < 0) return told('unexpected )', pattern);
    }
  }
  if (depth > 0) return told('missing closing )', pattern);
  if (pattern.endsWith('\\')) return 'error parsing regexp: trailing backslash at end of expression: ``';
  return told('invalid character class range', pattern);
}
