import { CRDS, definitionOf, objectOf, pathOf } from './definition-of.ts';
import type { Step } from './sides.ts';

const NUMBERS = {
  n: { type: 'integer' },
  m: { type: 'integer', default: 5 },
  s: { type: 'string' },
  d: { type: 'number' },
  f: { type: 'boolean' },
  l: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 10 } },
  o: { type: 'object', maxProperties: 5, additionalProperties: { type: 'integer' } },
  p: { 'x-kubernetes-int-or-string': true },
  t: { type: 'string', format: 'date-time' },
  k: {
    type: 'array',
    maxItems: 5,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string', maxLength: 9 }, v: { type: 'integer' } },
    },
  },
};

/** Rules, each on the spec of its own definition, with specs to try them on. */
const RULES: readonly { readonly rule: object; readonly specs: readonly unknown[] }[] = [
  { rule: { rule: 'self.n > 2' }, specs: [{ n: 3 }, { n: 1 }, {}] },
  {
    rule: { rule: '!has(self.n) || self.n <= self.m', message: 'n must not be above m' },
    specs: [{ n: 3 }, { n: 9 }, {}],
  },
  {
    rule: {
      rule: "has(self.s) && self.s.startsWith('a')",
      messageExpression: "'s is ' + (has(self.s) ? self.s : 'absent')",
    },
    specs: [{ s: 'ab' }, { s: 'b' }, {}],
  },
  {
    rule: { rule: 'self.l.all(x, x.size() > 1)', reason: 'FieldValueForbidden', fieldPath: '.l' },
    specs: [{ l: ['ab'] }, { l: ['a'] }, {}],
  },
  {
    rule: { rule: "self.o.exists(k, k == 'a' && self.o[k] > 1)", reason: 'FieldValueRequired' },
    specs: [{ o: { a: 2 } }, { o: { a: 1 } }],
  },
  {
    rule: { rule: "type(self.p) == int ? self.p > 1 : self.p.endsWith('%')" },
    specs: [{ p: 2 }, { p: 1 }, { p: '5%' }, { p: 'x' }],
  },
  { rule: { rule: 'self.d * 2.0 > 3.0' }, specs: [{ d: 2.5 }, { d: 1 }] },
  {
    rule: { rule: "self.t > timestamp('2024-01-01T00:00:00Z')" },
    specs: [{ t: '2025-01-01T00:00:00Z' }, { t: '2023-01-01T00:00:00Z' }],
  },
  {
    rule: { rule: 'self.k.map(x, x.v).sum() < 10' },
    specs: [{ k: [{ name: 'a', v: 3 }] }, { k: [{ name: 'a', v: 30 }] }, { k: [{ name: 'a' }] }],
  },
  { rule: { rule: 'self.l[3] == "x"' }, specs: [{ l: ['a'] }] },
  { rule: { rule: '10 / self.n > 1' }, specs: [{ n: 0 }, { n: 3 }] },
  { rule: { rule: "quantity(self.s).isLessThan(quantity('1Gi'))" }, specs: [{ s: '500Mi' }, { s: '2Gi' }, { s: 'x' }] },
  { rule: { rule: 'isIP(self.s) && ip(self.s).family() == 4' }, specs: [{ s: '10.0.0.1' }, { s: '::1' }, { s: 'x' }] },
  { rule: { rule: "cidr('10.0.0.0/8').containsIP(self.s)" }, specs: [{ s: '10.1.1.1' }, { s: '11.1.1.1' }] },
  { rule: { rule: "url(self.s).getScheme() == 'https'" }, specs: [{ s: 'https://a' }, { s: 'http://a' }] },
  { rule: { rule: "self.s.find('[0-9]+') == '12'" }, specs: [{ s: 'a12b' }, { s: 'a' }] },
  {
    rule: { rule: 'self.l.isSorted() && sets.contains(self.l, ["a"])' },
    specs: [{ l: ['a', 'b'] }, { l: ['b', 'a'] }, { l: ['b'] }],
  },
  {
    rule: { rule: "'%s-%d'.format([self.s, self.n]) == 'a-1'" },
    specs: [
      { s: 'a', n: 1 },
      { s: 'b', n: 1 },
    ],
  },
  {
    rule: { rule: "self.s.matches('^[a-c]+$') && self.s.lowerAscii() == self.s" },
    specs: [{ s: 'abc' }, { s: 'abd' }],
  },
  { rule: { rule: "self.?s.orValue('z') == 'z'" }, specs: [{}, { s: 'a' }] },
  { rule: { rule: 'self.n == oldSelf.n', message: 'n is immutable' }, specs: [{ n: 1 }] },
  { rule: { rule: 'oldSelf.hasValue() || self.n == 1', optionalOldSelf: true }, specs: [{ n: 1 }, { n: 2 }] },
  { rule: { rule: "semver(self.s).isGreaterThan(semver('1.0.0'))" }, specs: [{ s: '1.2.0' }, { s: '0.9.0' }] },
  {
    rule: { rule: 'self.k.exists_one(x, x.name == "a")', message: '  spaces  ' },
    specs: [{ k: [{ name: 'a' }] }, { k: [{ name: 'b' }] }],
  },
];
const WRONG: readonly object[] = [
  { rule: 'self.zz > 1' },
  { rule: 'self.n >' },
  { rule: 'self.n' },
  { rule: "self.n == 'x'" },
  { rule: 'foo(self.n)' },
  { rule: 'other > 1' },
  { rule: '' },
  { rule: 'self.n > 1', message: ' ' },
  { rule: 'self.n > 1', message: 'a\nb' },
  { rule: 'self.n > 1', messageExpression: '1 + 1' },
  { rule: 'self.n > 1', messageExpression: 'self.zz' },
  { rule: 'self.n > 1', reason: 'Odd' },
  { rule: 'self.n > 1', fieldPath: '.zz' },
  { rule: 'self.n > 1', optionalOldSelf: true },
  { rule: 'self.n > 1 &&\n true' },
  { rule: 'self.s.foo()' },
  { rule: 'self.s.startsWith(1)' },
  { rule: 'self.n + self.s == 1' },
  { rule: 'self.k.all(x, x.zz > 1)' },
];

export function ruleSteps(): Step[] {
  const steps: Step[] = [];
  const schema = (rule: object): object => ({
    type: 'object',
    properties: { spec: { type: 'object', properties: NUMBERS, 'x-kubernetes-validations': [rule] } },
  });
  WRONG.forEach((rule, index) => {
    steps.push({ method: 'POST', path: `${CRDS}?dryRun=All`, body: definitionOf(`wrong${index}s`, schema(rule)) });
  });
  RULES.forEach(({ rule }, index) => {
    steps.push({ method: 'POST', path: CRDS, body: definitionOf(`rules${index}s`, schema(rule)) });
  });
  RULES.forEach(({ specs }, index) => {
    specs.forEach((spec, at) => {
      steps.push({ method: 'POST', path: pathOf(`rules${index}s`), body: objectOf(`rules${index}s`, `o${at}`, spec) });
    });
  });
  const patch = (index: number, body: object): Step => ({
    method: 'PATCH',
    path: pathOf(`rules${index}s`, 'o0'),
    type: 'application/merge-patch+json',
    body,
  });
  steps.push(
    patch(20, { spec: { n: 2 } }),
    patch(20, { spec: { s: 'x' } }),
    patch(21, { spec: { n: 2 } }),
    patch(1, { spec: { n: 8 } }),
  );
  return steps;
}
