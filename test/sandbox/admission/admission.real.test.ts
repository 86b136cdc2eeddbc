import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';
import { ACCESS_CASES } from '../access/cases.ts';
import { ADMISSION_CASES } from './cases.ts';
import { PLANE_USERS, playBoth } from './play.ts';
import { webhookCases } from './webhook-cases.ts';
import { startWebhookServer } from './webhook-server.ts';

const available = await controlPlaneAvailable();
const skip = available.kind === 'available' ? false : 'no control plane on this machine';

/** What other corridors answer, or what only the network around a server decides; by a part of the real answer. */
const NOT_OURS: readonly (readonly [what: RegExp, why: string])[] = [
  [
    /"metadata: Invalid value|Invalid value: \{\\"name\\":\\"x\\"/,
    'the message shows the managed fields of the review',
  ],
  [/lookup nowhere\.invalid on/, 'the message names the resolver of the machine'],
  [/idle\.w2\.svc:443/, 'what listens behind an address of a Service is up to the network'],
  [/clusterIP/, 'which address is free next'],
  [/spec is immutable after creation/, 'rules of claims: a diff of Go structs'],
];
const ours = (real: string): boolean => !NOT_OURS.some(([what]) => what.test(real));

test('users, roles, escalation, impersonation and reviews are answered as by the real server', { skip }, async () => {
  await using plane = await startControlPlane({ users: PLANE_USERS });
  const differences = await playBoth(ACCESS_CASES, plane);
  assert.deepEqual(
    differences.filter(({ real }) => ours(real)),
    [],
  );
});

test('admission refuses and completes as the real server does', { skip }, async () => {
  await using plane = await startControlPlane({ users: PLANE_USERS });
  const differences = await playBoth(ADMISSION_CASES, plane);
  assert.deepEqual(
    differences.filter(({ real }) => ours(real)),
    [],
  );
});

test('webhooks that answer, refuse, fail or talk nonsense count as they do for the real server', { skip }, async () => {
  await using plane = await startControlPlane({ users: PLANE_USERS });
  await using server = await startWebhookServer();
  const differences = await playBoth(webhookCases(server), plane);
  assert.deepEqual(
    differences.filter(({ real }) => ours(real)),
    [],
  );
});
