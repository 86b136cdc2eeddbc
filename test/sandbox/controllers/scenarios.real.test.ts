import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlPlaneAvailable } from '../../control-plane/fixture.ts';
import { JOBS_AND_SERVICES } from './job-scenarios.ts';
import { normalised } from './normalised.ts';
import { OWNERSHIP } from './ownership-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { type Side, startSides } from './sides.ts';
import { VOLUMES } from './volume-scenarios.ts';
import { WORKLOADS } from './workload-scenarios.ts';

const availability = await controlPlaneAvailable();
const skip = availability.kind === 'unavailable' ? `${availability.why}; ${availability.hint}` : false;
/** Scenarios that are played at once: most of their time is waiting for rest. */
const AT_ONCE = 4;

async function played(side: Side, scenario: Scenario, namespace: string): Promise<Readonly<Record<string, unknown>>> {
  await side.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await side.until('the default ServiceAccount', async () => (await side.list(account)).length > 0);
  return normalised(await scenario.play(side, namespace));
}

test('controllers leave the same objects behind as the real ones do', { skip, concurrency: AT_ONCE }, async (t) => {
  await using sides = await startSides();
  const only = process.env.SCENARIO;
  const scenarios = [...WORKLOADS, ...JOBS_AND_SERVICES, ...OWNERSHIP, ...VOLUMES].filter(
    ({ name }) => only === undefined || name.includes(only),
  );
  await Promise.all(
    scenarios.map((scenario, index) =>
      t.test(scenario.name, async () => {
        const namespace = `scenario-${index}`;
        const [real, sandbox] = await Promise.all([
          played(sides.real, scenario, namespace),
          played(sides.sandbox, scenario, namespace),
        ]);
        assert.deepEqual(sandbox, real);
      }),
    ),
  );
});
