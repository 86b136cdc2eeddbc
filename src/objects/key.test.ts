import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyText, parseKeyText, resourceName, splitResourceName } from './key.ts';

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9.:-]{0,20}[a-z0-9])?$/);
const plural = fc.stringMatching(/^[a-z]{1,20}$/);
const group = fc.oneof(fc.constant(''), fc.stringMatching(/^[a-z]{1,8}(\.[a-z]{1,8}){0,3}$/));

test('a key comes back from its text, whatever the scope and the group', () => {
  fc.assert(
    fc.property(group, plural, fc.option(name, { nil: undefined }), name, (group, resource, namespace, name) => {
      const key = namespace === undefined ? { group, resource, name } : { group, resource, namespace, name };
      assert.deepEqual(parseKeyText(keyText(key)), key);
      assert.deepEqual(splitResourceName(resourceName(group, resource)), { group, resource });
    }),
  );
});

test('what is no key is refused', () => {
  for (const text of ['', 'pods', 'pods/', 'pods/a/', 'pods/a/b/c', '/a', 'pods//a'])
    assert.equal(parseKeyText(text), undefined, text);
});
