/** What Go's decoder says of a text that JSON.parse has refused. */
export function goJsonError(text: string | Buffer): string {
  // It reads bytes and shows one of them as if it were a letter.
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  return new Reader(bytes.toString('latin1')).error() ?? 'unexpected end of JSON input';
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

function quoted(char: string): string {
  const code = char.charCodeAt(0);
  const known = ESCAPED[char];
  if (known !== undefined) return `'${known}'`;
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, '0')}'`;
  if ((code > 0x7f && code <= 0xa0) || code === 0xad) return `'\\u${code.toString(16).padStart(4, '0')}'`;
  return `'${char}'`;
}

const END = 'unexpected end of JSON input';

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  error(): string | undefined {
    const found = this.#value();
    if (found !== undefined) return found;
    this.#space();
    return this.#at < this.#text.length ? this.#unexpected('after top-level value') : undefined;
  }

  #unexpected(where: string): string {
    const char = this.#text[this.#at];
    if (char === undefined) return END;
    return `invalid character ${quoted(char)} ${where}`;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #value(): string | undefined {
    this.#space();
    const char = this.#text[this.#at];
    if (char === undefined) return END;
    if (char === '{') return this.#map();
    if (char === '[') return this.#list();
    if (char === '"') return this.#string();
    if (char === 't') return this.#word('true');
    if (char === 'f') return this.#word('false');
    if (char === 'n') return this.#word('null');
    if (/[-0-9]/.test(char)) return this.#number();
    return this.#unexpected('looking for beginning of value');
  }

  #map(): string | undefined {
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return undefined;
    }
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') return this.#unexpected('looking for beginning of object key string');
      const bad = this.#string();
      if (bad !== undefined) return bad;
      this.#space();
      if (this.#text[this.#at] !== ':') return this.#unexpected('after object key');
      this.#at++;
      const worse = this.#value();
      if (worse !== undefined) return worse;
      this.#space();
      const next = this.#text[this.#at];
      if (next === '}') {
        this.#at++;
        return undefined;
      }
      if (next !== ',') return this.#unexpected('after object key:value pair');
      this.#at++;
    }
  }

  #list(): string | undefined {
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === ']') {
      this.#at++;
      return undefined;
    }
    for (;;) {
      const bad = this.#value();
      if (bad !== undefined) return bad;
      this.#space();
      const next = this.#text[this.#at];
      if (next === ']') {
        this.#at++;
        return undefined;
      }
      if (next !== ',') return this.#unexpected('after array element');
      this.#at++;
    }
  }

  #string(): string | undefined {
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] as string;
      if (char === '"') {
        this.#at++;
        return undefined;
      }
      if (char < ' ') return this.#unexpected('in string literal');
      if (char !== '\\') continue;
      this.#at++;
      if (!/["\\/bfnrtu]/.test(this.#text[this.#at] ?? 'x')) return this.#unexpected('in string escape code');
    }
    return END;
  }

  #word(word: string): string | undefined {
    for (let index = 0; index < word.length; index++, this.#at++)
      if (this.#text[this.#at] !== word[index])
        return this.#unexpected(`in literal ${word} (expecting '${word[index]}')`);
    return undefined;
  }

  #number(): string | undefined {
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/.exec(this.#text.slice(this.#at));
    if (match === null) {
      this.#at++;
      return this.#unexpected('in numeric literal');
    }
    this.#at += match[0].length;
    return undefined;
  }
}
