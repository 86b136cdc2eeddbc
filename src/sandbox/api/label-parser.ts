import { qualifiedName } from '../schema/metadata/names.ts';
import { badRequest, type Refusal } from '../status/refusal.ts';

type Token =
  | 'end'
  | 'error'
  | 'open'
  | 'close'
  | 'comma'
  | 'not'
  | '=='
  | '='
  | 'in'
  | 'notin'
  | '!='
  | '>'
  | '<'
  | 'identifier';
interface Lexeme {
  readonly token: Token;
  readonly text: string;
}
type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const SPECIAL = '=!(),><';
const SIGNS: Readonly<Record<string, Token>> = {
  ')': 'close',
  ',': 'comma',
  '!': 'not',
  '==': '==',
  '=': '=',
  in: 'in',
  '!=': '!=',
  notin: 'notin',
  '(': 'open',
  '>': '>',
  '<': '<',
};

const failed = (why: string): Refusal => badRequest(`unable to parse requirement: ${why}`);

function lexemes(text: string): readonly Lexeme[] {
  const found: Lexeme[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    let end = at + 1;
    if (SPECIAL.includes(char)) {
      let known = char;
      for (; end < text.length && SPECIAL.includes(text[end] as string); end++) {
        if (SIGNS[known + text[end]] === undefined) break;
        known += text[end];
      }
      found.push({ token: SIGNS[known] ?? 'error', text: known });
    } else {
      while (end < text.length && !SPECIAL.includes(text[end] as string) && !/\s/.test(text[end] as string)) end++;
      const word = text.slice(at, end);
      found.push({ token: SIGNS[word] ?? 'identifier', text: word });
    }
    at = end;
  }
  return found;
}

/** A label selector as the API server reads it, with its words for what it cannot read (400). */
export function parseLabels(text: string): Requirement {
  const words = lexemes(text);
  let at = 0;
  /** Where values stand, `in` and `notin` are names like any other. */
  const look = (values: boolean): Lexeme => {
    const word = words[at] ?? { token: 'end', text: '' };
    return values && (word.token === 'in' || word.token === 'notin') ? { token: 'identifier', text: word.text } : word;
  };
  const take = (values: boolean): Lexeme => {
    const word = look(values);
    at++;
    return word;
  };
  const found: Requirement[] = [];
  for (;;) {
    const { token, text: word } = look(true);
    if (token === 'end') break;
    if (token !== 'identifier' && token !== 'not')
      throw badRequest(`found '${word}', expected: !, identifier, or 'end of string'`);
    found.push(requirement(look, take));
    const next = take(true);
    if (next.token === 'end') break;
    if (next.token !== 'comma') throw badRequest(`found '${next.text}', expected: ',' or 'end of string'`);
    const after = look(true);
    if (after.token !== 'identifier' && after.token !== 'not')
      throw badRequest(`found '${after.text}', expected: identifier after ','`);
  }
  return (labels) => found.every((one) => one(labels));
}

function requirement(look: (values: boolean) => Lexeme, take: (values: boolean) => Lexeme): Requirement {
  let word = take(true);
  const absent = word.token === 'not';
  if (absent) word = take(true);
  if (word.token !== 'identifier') throw failed(`found '${word.text}', expected: identifier`);
  const key = word.text;
  checkKey(key);
  const next = look(true).token;
  if (absent || next === 'end' || next === 'comma') return (labels) => Object.hasOwn(labels, key) !== absent;
  const operator = take(false);
  switch (operator.token) {
    case 'in':
    case 'notin': {
      const values = valuesOf(look, take);
      for (const value of values) checkValue(key, value);
      const wanted = operator.token === 'in';
      return (labels) => values.has(labels[key] ?? '\0') === wanted;
    }
    case '=':
    case '==':
    case '!=': {
      const value = exactValue(look, take);
      checkValue(key, value);
      const wanted = operator.token !== '!=';
      return (labels) => (labels[key] === value) === wanted;
    }
    case '>':
    case '<': {
      const value = exactValue(look, take);
      if (!/^[+-]?\d+$/.test(value))
        throw failed(
          `values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
      const greater = operator.token === '>';
      return (labels) => {
        const own = labels[key];
        if (own === undefined || !/^[+-]?\d+$/.test(own)) return false;
        return greater ? Number(own) > Number(value) : Number(own) < Number(value);
      };
    }
    default:
      throw failed(`found '${operator.text}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function valuesOf(look: (values: boolean) => Lexeme, take: (values: boolean) => Lexeme): ReadonlySet<string> {
  const open = take(true);
  if (open.token !== 'open') throw failed(`found '${open.text}' expected: '('`);
  const first = look(true);
  if (first.token === 'close') {
    take(true);
    return new Set(['']);
  }
  if (first.token !== 'identifier' && first.token !== 'comma')
    throw failed(`found '${first.text}', expected: ',', ')' or identifier`);
  const values = new Set<string>();
  for (;;) {
    const word = take(true);
    if (word.token === 'identifier') {
      values.add(word.text);
      const next = look(true);
      if (next.token === 'close') break;
      if (next.token !== 'comma') throw failed(`found '${next.text}', expected: ',' or ')'`);
    } else if (word.token === 'comma') {
      if (values.size === 0) values.add('');
      const next = look(true).token;
      if (next === 'close') {
        values.add('');
        break;
      }
      if (next === 'comma') {
        take(true);
        values.add('');
      }
    } else throw failed(`found '${word.text}', expected: ',', or identifier`);
  }
  take(true);
  return values;
}

function exactValue(look: (values: boolean) => Lexeme, take: (values: boolean) => Lexeme): string {
  const next = look(true).token;
  if (next === 'end' || next === 'comma') return '';
  const word = take(true);
  if (word.token !== 'identifier') throw failed(`found '${word.text}', expected: identifier`);
  return word.text;
}

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function checkKey(key: string): void {
  const why = qualifiedName(key);
  if (why.length > 0) throw failed(`<nil>: Invalid value: ${JSON.stringify(key)}: ${why.join('; ')}`);
}

function checkValue(key: string, value: string): void {
  const why: string[] = [];
  if (value.length > 63) why.push('must be no more than 63 bytes');
  if (value !== '' && !NAME.test(value)) why.push(VALUE_TEXT);
  if (why.length > 0) throw failed(`values[0][${key}]: Invalid value: ${JSON.stringify(value)}: ${why.join('; ')}`);
}
