import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policySteps, policyTries } from '../definitions/policy-cases.ts';
import { sandboxSide } from '../definitions/sides.ts';

test('a policy with a binding denies what its expressions do not hold for, and only that', async () => {
  const side = await sandboxSide();
  for (const step of policySteps()) assert.equal((await side.play(step)).status, 201);
  const [good, bad] = policyTries();
  assert.ok(good !== undefined && bad !== undefined);
  assert.equal((await side.play(good)).status, 201);
  const { status, body } = await side.play(bad);
  assert.equal(status, 422);
  assert.equal(
    (body as { message: string }).message,
    `configmaps "bad0" is forbidden: ValidatingAdmissionPolicy 'p0' with binding 'p0-binding' denied request: failed expression: object.data.a == 'x'`,
  );
});
