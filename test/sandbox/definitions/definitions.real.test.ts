import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { conversionCaller } from '../../../src/sandbox/admission/conversion-caller.ts';
import { httpCaller } from '../../../src/sandbox/admission/webhooks/http-caller.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';
import { conversionSteps } from './conversion-cases.ts';
import { definitionSteps, lifeSteps } from './definition-cases.ts';
import { objectSteps, ratchetSteps } from './object-cases.ts';
import { policySteps, policyTries } from './policy-cases.ts';
import { ruleSteps } from './rule-cases.ts';
import { normal, type Outcome, realSide, type Side, type Step, sandboxSide } from './sides.ts';
import { startWebhook } from './webhook.ts';

const available = await controlPlaneAvailable();
const skip = available.kind === 'unavailable' ? available.why : false;
/** A definition is served by the real server only a while after it was made or changed. */
const SERVED_MS = 600;
const INITIALISING = /storage is \(re\)initializing: failed to list [^:]+: /;

async function compare(ours: Side, plane: ControlPlane, steps: readonly Step[]): Promise<string[]> {
  const real = realSide(plane);
  const differing: string[] = [];
  for (const step of steps) {
    let theirs = await real.play(step);
    if (
      step.path.includes('customresourcedefinitions') &&
      step.method !== 'GET' &&
      !step.path.includes('dryRun') &&
      theirs.status < 300
    )
      await sleep(SERVED_MS);
    for (let tried = 0; tried < 20 && notYet(theirs); tried += 1) {
      await sleep(300);
      theirs = await real.play(step);
    }
    const [expected, given] = [normal(theirs), normal(await ours.play(step))];
    if (expected !== given && !sameFailure(theirs, given))
      differing.push(
        `${step.method} ${step.path} ${JSON.stringify(step.body ?? '')}\n  real ${expected}\n  ours ${given}`,
      );
  }
  return differing;
}

const notYet = ({ status, body }: Outcome): boolean =>
  (status === 429 && !INITIALISING.test(JSON.stringify(body))) || (status === 404 && typeof body === 'string');

/** While its cache of a kind cannot be filled, the real server answers lists with 429 around the same sentence. */
function sameFailure(theirs: Outcome, given: string): boolean {
  const message = (theirs.body as { message?: string }).message ?? '';
  const inner = message.replace(INITIALISING, '').replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID');
  return theirs.status === 429 && given.includes(JSON.stringify(inner));
}

const CASES: readonly { readonly name: string; readonly parts: readonly (() => Step[])[] }[] = [
  {
    name: 'objects of a definition are pruned, defaulted, refused and changed as on the real server',
    parts: [objectSteps, ratchetSteps],
  },
  { name: 'definitions are refused in the same words', parts: [definitionSteps] },
  { name: 'rules in CEL judge the same and are compiled with the same complaints', parts: [ruleSteps] },
  { name: 'definitions live and die the same', parts: [lifeSteps] },
];
/** What belongs to the serving of lists, discovery and deletions, and not to definitions. */
const OTHERS = [/^GET \/apis\/try\.example\/v1 /, /^DELETE .*\/customresourcedefinitions\/lives/];

test('definitions', { skip }, async (t) => {
  await using plane = await startControlPlane({ controllerManager: false });
  for (const { name, parts } of CASES)
    await t.test(name, async () => {
      const ours = await sandboxSide();
      const differing = await compare(
        ours,
        plane,
        parts.flatMap((part) => part()),
      );
      assert.deepEqual(
        differing.filter((text) => !OTHERS.some((other) => other.test(text))),
        [],
      );
    });
  await t.test('conversion webhooks fail in the same words', async () => {
    const webhook = await startWebhook();
    try {
      const ours = await sandboxSide(conversionCaller(httpCaller(), () => undefined));
      assert.deepEqual(await compare(ours, plane, conversionSteps(webhook.url, webhook.caBundle)), []);
    } finally {
      webhook.close();
    }
  });
  await t.test('policies deny in the same words', async () => {
    const ours = await sandboxSide();
    const made = await compare(ours, plane, policySteps());
    await sleep(2500);
    assert.deepEqual([...made, ...(await compare(ours, plane, policyTries()))], []);
  });
});
