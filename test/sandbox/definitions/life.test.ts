import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRDS, definitionOf, objectOf, pathOf } from './definition-of.ts';
import { sandboxSide } from './sides.ts';

test('a definition is established, serves its kind, and takes its objects with it', async () => {
  const side = await sandboxSide();
  await side.play({ method: 'POST', path: CRDS, body: definitionOf('boats', { sails: { type: 'integer' } }) });
  const made = (await side.play({ method: 'GET', path: `${CRDS}/boats.try.example` })).body as {
    status: { conditions: { type: string; status: string }[] };
  };
  assert.deepEqual(
    made.status.conditions.map(({ type, status }) => `${type}=${status}`),
    ['NamesAccepted=True', 'Established=True'],
  );
  assert.equal(
    (await side.play({ method: 'POST', path: pathOf('boats'), body: objectOf('boats', 'b', { sails: 1 }) })).status,
    201,
  );
  const refused = await side.play({
    method: 'POST',
    path: pathOf('boats'),
    body: objectOf('boats', 'c', { sails: 'x' }),
  });
  assert.equal(
    (refused.body as { message: string }).message,
    'Boat.try.example "c" is invalid: spec.sails: Invalid value: "string": spec.sails in body must be of type integer: "string"',
  );
  assert.equal((await side.play({ method: 'DELETE', path: `${CRDS}/boats.try.example` })).status, 200);
  assert.equal((await side.play({ method: 'GET', path: `${CRDS}/boats.try.example` })).status, 404);
  assert.equal((await side.play({ method: 'GET', path: pathOf('boats', 'b') })).status, 404);
});
