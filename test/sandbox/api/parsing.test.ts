import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../src/objects/json.ts';
import { decodeContinue, encodeContinue } from '../../../src/sandbox/api/continue-token.ts';
import { goJsonError } from '../../../src/sandbox/api/go-json-error.ts';
import { copyJson, duplicateFields } from '../../../src/sandbox/api/json-text.ts';
import { parseLabels } from '../../../src/sandbox/api/label-parser.ts';
import { generatedName } from '../../../src/sandbox/api/object-meta.ts';

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
      assert.deepEqual(duplicateFields(JSON.stringify(value), JSON.parse(JSON.stringify(value)) as Json), []);
    }),
    { numRuns: 200 },
  );
  const text = '{"a":1,"b":[{"c":{"d":1,"d":2}}],"a":":\\"{"}';
  assert.deepEqual(duplicateFields(text, JSON.parse(text) as Json), ['b[0].c.d', 'a']);
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
