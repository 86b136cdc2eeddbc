import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomScript } from '../../bench/fidelity/random-script.ts';
import { scriptOf } from '../../bench/fidelity/script.ts';

test('a seed always makes the same sequence, another seed another one, and all are scripts', () => {
  assert.deepEqual(randomScript(7), randomScript(7));
  assert.notDeepEqual(randomScript(7).steps, randomScript(8).steps);
  const verbs = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const { name, ...file } = randomScript(seed);
    const read = scriptOf(JSON.parse(JSON.stringify(file)), `seed ${seed}`, name);
    for (const step of read.steps) if ('request' in step) verbs.add(`${step.request.split(' ')[0]} ${step.type ?? ''}`);
  }
  for (const wanted of [
    'POST ',
    'PUT ',
    'DELETE ',
    'GET ',
    'PATCH ',
    'PATCH application/json-patch+json',
    'PATCH application/strategic-merge-patch+json',
    'PATCH application/apply-patch+yaml',
  ])
    assert.ok(verbs.has(wanted), wanted);
});
