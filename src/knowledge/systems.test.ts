import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pick, Rule } from './language.ts';
import { SYSTEMS } from './systems.ts';

const rules: readonly (readonly [string, Rule])[] = SYSTEMS.flatMap((system) =>
  system.rules.map((rule) => [system.id, rule] as const),
);
const picksOf = (pick: Pick): Pick[] => [pick, ...(pick.ownedBy === undefined ? [] : picksOf(pick.ownedBy))];

test('rules are data: what is written down and read back is the same', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(SYSTEMS)), SYSTEMS);
});

test('no rule speaks of everything: an empty pick would match all', () => {
  for (const [id, rule] of rules) {
    for (const pick of picksOf(rule.on))
      assert.ok(
        (pick.resources?.length ?? 0) > 0 || (pick.groups?.length ?? 0) > 0 || pick.category !== undefined,
        `${id} ${rule.code}`,
      );
  }
  for (const system of SYSTEMS)
    for (const pick of system.members)
      assert.ok(pick.resources !== undefined || pick.groups !== undefined || pick.category !== undefined, system.id);
});

test('the owner in a rule is told by its kind alone: its body is not at hand when the owned object is read', () => {
  for (const [id, rule] of rules) assert.equal(rule.on.ownedBy?.where, undefined, `${id} ${rule.code}`);
});

test('resources are written in full, plural and group, never as short names', () => {
  for (const [id, rule] of rules)
    for (const name of rule.on.resources ?? []) assert.match(name, /^[a-z]+(\.[a-z0-9.-]+)?$/, `${id} ${rule.code}`);
});

test('every rule has a stable code and a reason', () => {
  for (const [id, rule] of rules) {
    assert.match(rule.code, /^[A-Z][A-Z-]+[A-Z]$/, `${id}: ${rule.code}`);
    assert.ok(rule.why.length > 10, `${id} ${rule.code}`);
  }
});

test('a second copy can be made only of a name', () => {
  for (const [id, rule] of rules)
    if (rule.kind === 'mention' && rule.action === 'copy')
      assert.equal(rule.path, '/metadata/name', `${id} ${rule.code}`);
});
