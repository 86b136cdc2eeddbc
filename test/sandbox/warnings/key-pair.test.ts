import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyPairProblem } from '../../../src/sandbox/kinds/warnings/key-pair.ts';
import { selfSigned } from '../../../src/sandbox/serving/certificate.ts';

const { key, certificate } = selfSigned(['localhost'], Date.UTC(2026, 0, 1));
const other = selfSigned(['localhost'], Date.UTC(2026, 0, 1));

test('a certificate and its own key are fine', () => {
  assert.equal(keyPairProblem(certificate, key), undefined);
  assert.equal(keyPairProblem(`words\n${certificate}${other.certificate}`, `words\n${key}`), undefined);
});

const wrong: readonly (readonly [string, string, string, RegExp])[] = [
  ['no PEM at all', 'certificate', key, /failed to find any PEM data in certificate input$/],
  ['no key', certificate, 'key', /failed to find any PEM data in key input$/],
  ['both switched', key, certificate, /PEM inputs may have been switched$/],
  ['a certificate as key', certificate, certificate, /found a certificate rather than a key/],
  ['the key of another', certificate, other.key, /private key does not match public key$/],
  ['a certificate that is none', certificate.replace(/\nM.+\n/, '\nAAAA\n'), key, /^x509: malformed certificate$/],
];
for (const [what, first, second, said] of wrong)
  test(`${what}: is warned of as Go does`, () => {
    assert.match(keyPairProblem(first, second) ?? '', said);
  });
