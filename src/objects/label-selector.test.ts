import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from '../outcome/fault.ts';
import { labelSelector } from './label-selector.ts';

const labels = { app: 'web', tier: 'front', 'example.org/canary': '' };

test('labels are selected as kubectl selects them, all parts together', () => {
  const chosen = (text: string): boolean => labelSelector(text)(labels);
  for (const text of [
    'app=web',
    'app==web',
    'app!=db',
    'app',
    '!absent',
    'tier in (front, back)',
    'tier notin (back)',
    'absent!=x',
    'absent notin (x)',
    'example.org/canary',
    'example.org/canary=',
    'app=web,tier in (front,back),!absent',
  ])
    assert.equal(chosen(text), true, text);
  for (const text of [
    'app=db',
    'app!=web',
    '!app',
    'absent',
    'absent=x',
    'tier in (back)',
    'tier notin (front)',
    'app=web,tier=back',
  ])
    assert.equal(chosen(text), false, text);
});

test('what is no selector is refused with a hint, the empty one first of all: it would select everything', () => {
  for (const text of ['', ' ', 'app=web,', 'a b', 'app=(web)', '=web', 'tier in front', 'app=we b', '-app'])
    assert.throws(
      () => labelSelector(text),
      (error) => isFault(error, 'SELECTOR-INVALID') && (error.hint ?? '').length > 0,
      text,
    );
});
