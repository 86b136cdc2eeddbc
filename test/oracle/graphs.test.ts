import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate } from './worlds/generate.ts';
import { brokenIn, tallyOf } from './worlds/tally.ts';
import { MODES } from './worlds/target.ts';

const WORLDS = 1000;
const SEED = 1;

test(`${WORLDS} random worlds through the plan break no invariant of the oracle`, () => {
  const tally = tallyOf(SEED, WORLDS);
  const told = tally.examples.map(({ seed, invariant, sentence }) => `seed ${seed} ${invariant}: ${sentence}`);
  assert.equal(tally.worlds, WORLDS);
  assert.equal(
    brokenIn(tally),
    0,
    `replay with: npm run bench -- graphs --count 1 --show --seed N\n${told.join('\n')}`,
  );
  assert.ok(tally.steps > WORLDS * 20, `only ${tally.steps} steps were carried out`);
  assert.ok(tally.refused < WORLDS / 4, `${tally.refused} plans refuse and prove little`);
  assert.ok(tally.unlinked.worlds > WORLDS / 50, 'too few worlds were judged without relinking');
  assert.equal(
    tally.unlinked.found,
    tally.unlinked.worlds,
    `unnoticed without relinking: ${tally.unlinked.missed.join(', ')}`,
  );
});

test('a seed gives the same world, to the byte, and other seeds give others', () => {
  const texts = [1, 1, 2].map((seed) => JSON.stringify(generate(seed).objects.map(({ text }) => text)));
  assert.equal(texts[0], texts[1]);
  assert.notEqual(texts[0], texts[2]);
});

test('the worlds hold what plans stumble over', () => {
  const worlds = Array.from({ length: 300 }, (_, seed) => generate(seed + 1));
  const sizes = worlds.map(({ objects }) => objects.length);
  assert.ok(
    Math.min(...sizes) >= 5 && Math.max(...sizes) <= 75,
    `${Math.min(...sizes)} to ${Math.max(...sizes)} objects`,
  );
  for (const mode of MODES)
    assert.ok(
      worlds.some(({ target }) => target.mode === mode),
      mode,
    );
  const objects = worlds.flatMap((world) => {
    const byUid = new Map(world.objects.map((object) => [object.uid as string, object]));
    return world.objects.map((object) => ({
      object,
      owners: (object.body.metadata.ownerReferences ?? []).map(({ uid }) => byUid.get(uid)),
    }));
  });
  const some = (what: string, holds: (of: (typeof objects)[number]) => boolean): void =>
    assert.ok(objects.some(holds), what);
  some('a missing owner', ({ owners }) => owners.includes(undefined));
  some('an owner in another namespace', ({ object, owners }) =>
    owners.some(
      (owner) =>
        owner?.namespace !== undefined && object.namespace !== undefined && owner.namespace !== object.namespace,
    ),
  );
  some(
    'a cluster-scoped child of a namespaced owner',
    ({ object, owners }) => object.namespace === undefined && owners.some((owner) => owner?.namespace !== undefined),
  );
  some('an owner that was being deleted', ({ owners }) =>
    owners.some((owner) => owner?.body.metadata.deletionTimestamp !== undefined),
  );
  some('two objects that own each other', ({ object, owners }) =>
    owners.some(
      (owner) =>
        owner !== object && owner?.body.metadata.ownerReferences?.some(({ uid }) => uid === object.uid) === true,
    ),
  );
  for (const resource of [
    'jobs.batch',
    'persistentvolumes',
    'resourcequotas',
    'clusters.postgresql.cnpg.io',
    'xsqls.demo.example.org',
    'widgets.example.org',
  ])
    some(resource, ({ object }) => object.resource === resource);
  const living = worlds.flatMap(({ target }) => target.living);
  assert.ok(living.some(({ terminating }) => terminating) && living.some(({ agrees }) => !agrees));
});
