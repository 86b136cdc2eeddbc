import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { placeOf, withFault } from '../../bench/fidelity/children/faulty.ts';
import { FAULTS } from '../../bench/fidelity/faults.ts';
import { LEAST_FAULTS } from '../../bench/fidelity/faults-part.ts';

test('every fault has its place in the sources, exactly once, and changes them', () => {
  assert.ok(FAULTS.length >= LEAST_FAULTS);
  assert.equal(new Set(FAULTS.map(({ name }) => name)).size, FAULTS.length);
  for (const fault of FAULTS) {
    const source = readFileSync(placeOf(fault), 'utf8');
    assert.notEqual(withFault(source, fault), source, fault.name);
  }
});

test('a fault whose text is not there, or twice, is refused', () => {
  const fault = { name: 'x', file: 'a.ts', find: 'b', replace: 'c', topics: [] };
  assert.equal(withFault('abd', fault), 'acd');
  assert.throws(() => withFault('a', fault), /stands 0 times/);
  assert.throws(() => withFault('bb', fault), /stands 2 times/);
});
