import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../src/objects/json.ts';
import { decodeContinue, encodeContinue } from '../../../src/sandbox/api/continue-token.ts';
import { goJsonError } from '../../../src/sandbox/api/go-json-error.ts';
import { copyJson } from '../../../src/sandbox/api/json-text.ts';
import { parseLabels } from '../../../src/sandbox/api/label-parser.ts';
import { generatedName } from '../../../src/sandbox/api/object-meta.ts';
import { inTextOrder, repeatsIn } from '../../../src/sandbox/api/repeated-fields.ts';
import { parseYaml, repeatedKeys } from '../../../src/sandbox/serving/go-yaml.ts';

test('a copy is equal and shares nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue() as fc.Arbitrary<Json>, (value) => {
      const copy = copyJson(value);
      assert.deepEqual(copy, value);
      if (typeof value === 'object' && value !== null) assert.notEqual(copy, value);
    }),
    { numRuns: 100 },
  );
});

test('a text without duplicates has none, and one with some names them by their paths', () => {
  fc.assert(
    fc.property(fc.jsonValue() as fc.Arbitrary<Json>, (value) => {
      assert.equal(repeatsIn(JSON.stringify(value), JSON.parse(JSON.stringify(value)) as Json), undefined);
    }),
    { numRuns: 200 },
  );
  const text = '{"a":{"x":1},"b":[{"c":{"d":1,"d":2,"d":3}}],"a":{"y":":\\"{"}}';
  const read = repeatsIn(text, JSON.parse(text) as Json);
  assert.deepEqual(read?.repeated, ['b[0].c.d', 'a']);
  // A struct that is read twice keeps what the first reading set.
  assert.deepEqual(read?.value, { a: { x: 1, y: ':"{' }, b: [{ c: { d: 3 } }] });
});

test('complaints come in the order of the text, and none about what lies in an unknown field', () => {
  const text = '{"a":1,"odd":{"x":1,"x":2},"a":2,"other":1}';
  const read = repeatsIn(text, JSON.parse(text) as Json);
  const strict = (read?.repeated ?? []).map((path) => `duplicate field "${path}"`);
  const places = read?.places ?? new Map();
  assert.deepEqual(inTextOrder({ strict, warned: [], places }, ['unknown field "odd"', 'unknown field "other"']), [
    'unknown field "odd"',
    'duplicate field "a"',
    'unknown field "other"',
  ]);
});

test('YAML is the older one, and every key that stands twice is told with its line', () => {
  assert.deepEqual(parseYaml('mode: 0644\nyes: n\nport: "22:22"\ntime: 22:22\n'), {
    mode: 420,
    true: false,
    port: '22:22',
    time: '22:22',
  });
  assert.deepEqual(repeatedKeys('a: 1\nb:\n  - n: 1\n    n: 2\na: 3\n'), [
    'line 4: key false already set in map',
    'line 5: key "a" already set in map',
  ]);
  assert.deepEqual(repeatedKeys('a: {b: 1}\nc: [{b: 1}, {b: 1}]\n'), []);
});

test('a continue token has the shape of the real one', () => {
  const token = encodeContinue({ revision: 7, start: 'default/a\0' });
  assert.equal(
    Buffer.from(token, 'base64url').toString('utf8'),
    '{"v":"meta.k8s.io/v1","rv":7,"start":"default/a\\u0000"}',
  );
  assert.deepEqual(decodeContinue(token), { revision: 7, start: 'default/a\0' });
  assert.throws(() => decodeContinue('abc'), /invalid character 'i' looking for beginning of value/);
});

test('label selectors select, and are refused in the words of the server', () => {
  const labels = { app: 'web', tier: 'front', n: '5' };
  const matches: Readonly<Record<string, boolean>> = {
    'app=web': true,
    'app==web,tier!=back': true,
    'app in (web, api)': true,
    'app notin (web)': false,
    app: true,
    '!app': false,
    'n>4': true,
    'n<4': false,
    'in=x': false,
  };
  for (const [text, expected] of Object.entries(matches)) assert.equal(parseLabels(text)(labels), expected, text);
  assert.throws(() => parseLabels('a===b'), /unable to parse requirement: found '=', expected: identifier/);
  assert.throws(() => parseLabels('a in (b'), /found '', expected: ',' or '\)'/);
});

test('generated names have five characters that spell no words, and a base that leaves room', () => {
  const name = generatedName('x'.repeat(80), () => 0.5);
  assert.match(name, /^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('broken JSON is described as Go describes it', () => {
  assert.equal(goJsonError('{bad json'), "invalid character 'b' looking for beginning of object key string");
  assert.equal(goJsonError(''), 'unexpected end of JSON input');
  assert.equal(goJsonError('{"a":1,}'), "invalid character '}' looking for beginning of object key string");
  assert.equal(goJsonError('[1 2]'), "invalid character '2' after array element");
  assert.equal(goJsonError('nul'), 'unexpected end of JSON input');
});
