/** A word as it has to be typed in a shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command line again, with the token left out and the point by its id: `latest` may be another one by then. */
export function typedAgain(words: readonly string[], point?: string): string {
  const instead: Readonly<Record<string, string | undefined>> = { '--token': 'TOKEN', '--point': point };
  return words
    .map((word, index) => {
      const flag = words[index - 1] ?? '';
      const [name = ''] = word.split('=', 1);
      if (Object.hasOwn(instead, flag)) return instead[flag] ?? quoted(word);
      if (word.includes('=') && Object.hasOwn(instead, name) && instead[name] !== undefined)
        return `${name}=${instead[name]}`;
      return quoted(word);
    })
    .join(' ');
}
