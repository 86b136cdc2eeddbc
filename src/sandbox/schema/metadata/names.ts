/** The server's checks of names and the sentences it gives; each answers what is wrong, or nothing. */
export type NameCheck = (value: string) => readonly string[];

const maxLength = (length: number): string => `must be no more than ${length} characters`;
const shape = (message: string, regex: string, ...examples: readonly string[]): string =>
  examples.length === 0
    ? `${message} (regex used for validation is '${regex}')`
    : `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${regex}')`;

const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const QUALIFIED_SENTENCE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN_1123 = `${LABEL_1123}(\\.${LABEL_1123})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const whole = (regex: string): RegExp => new RegExp(`^${regex}$`);
const QUALIFIED_SHAPE = whole(QUALIFIED);
const LABEL_VALUE_SHAPE = whole(`(${QUALIFIED})?`);
const LABEL_1123_SHAPE = whole(LABEL_1123);
const SUBDOMAIN_SHAPE = whole(SUBDOMAIN_1123);
const LABEL_1035_SHAPE = whole(LABEL_1035);
const WILDCARD = `\\*\\.${SUBDOMAIN_1123}`;

export const dnsSubdomain: NameCheck = (value) => {
  const said: string[] = value.length > 253 ? [maxLength(253)] : [];
  if (!SUBDOMAIN_SHAPE.test(value)) {
    said.push(
      shape(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        SUBDOMAIN_1123,
        'example.com',
      ),
    );
  }
  return said;
};
export const dnsLabel: NameCheck = (value) => {
  const said: string[] = value.length > 63 ? [maxLength(63)] : [];
  if (LABEL_1123_SHAPE.test(value)) return said;
  said.push(
    SUBDOMAIN_SHAPE.test(value)
      ? 'must not contain dots'
      : shape(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
          LABEL_1123,
          'my-name',
          '123-abc',
        ),
  );
  return said;
};
export const dns1035Label: NameCheck = (value) => {
  const said: string[] = value.length > 63 ? [maxLength(63)] : [];
  if (!LABEL_1035_SHAPE.test(value)) {
    said.push(
      shape(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        LABEL_1035,
        'my-name',
        'abc-123',
      ),
    );
  }
  return said;
};
export const wildcardSubdomain: NameCheck = (value) =>
  whole(WILDCARD).test(value)
    ? []
    : [
        shape(
          "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
          WILDCARD,
          '*.example.com',
        ),
      ];

export const qualifiedName: NameCheck = (value) => {
  const parts = value.split('/');
  const said: string[] = [];
  const [first = '', second] = parts;
  const name = second ?? first;
  const told = shape(QUALIFIED_SENTENCE, QUALIFIED, 'MyName', 'my.name', '123-abc');
  if (parts.length > 2) {
    return [`a qualified name ${told} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (second !== undefined) {
    if (first === '') said.push('prefix part must be non-empty');
    else said.push(...dnsSubdomain(first).map((sentence) => `prefix part ${sentence}`));
  }
  if (name === '') said.push('name part must be non-empty');
  else if (name.length > 63) said.push(`name part ${maxLength(63)}`);
  if (!QUALIFIED_SHAPE.test(name)) said.push(`name part ${told}`);
  return said;
};
export const labelValue: NameCheck = (value) => {
  const said: string[] = value.length > 63 ? [maxLength(63)] : [];
  if (!LABEL_VALUE_SHAPE.test(value)) {
    said.push(
      shape(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        `(${QUALIFIED})?`,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  }
  return said;
};
/** Names that only have to fit into a path: RBAC, priority levels. */
export const pathSegment: NameCheck = (value) => {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((char) => value.includes(char)).map((char) => `may not contain '${char}'`);
};
export const portName: NameCheck = (value) => {
  const said: string[] = value.length > 15 ? [maxLength(15)] : [];
  if (!/^[-a-z0-9]+$/.test(value)) said.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) said.push('must contain at least one letter (a-z)');
  if (value.includes('--')) said.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) said.push('must not begin or end with a hyphen');
  return said;
};
export const envVarName: NameCheck = (value) => {
  if (value === '') return ['environment variable name must be non-empty'];
  return /^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};
export const configKey: NameCheck = (value) => {
  const said: string[] = value.length > 253 ? [maxLength(253)] : [];
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) {
    said.push(
      shape(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  }
  if (value === '.') said.push("must not be '.'");
  else if (value === '..') said.push("must not be '..'");
  else if (value.startsWith('..')) said.push("must not start with '..'");
  return said;
};
export const percent: NameCheck = (value) =>
  /^[0-9]+%$/.test(value)
    ? []
    : [shape("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%')];
export const inRange = (value: number, low: number, high: number): readonly string[] =>
  value >= low && value <= high ? [] : [`must be between ${low} and ${high}, inclusive`];
export const portNumber = (value: number): readonly string[] => inRange(value, 1, 65_535);
/** A `generateName` is checked as if its dash were a letter. */
export const masked = (prefix: string): string =>
  prefix.endsWith('-') && prefix.length > 1 ? `${prefix.slice(0, -1)}a` : prefix;
