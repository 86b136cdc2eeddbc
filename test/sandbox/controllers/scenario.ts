import type { Side, Thing } from './sides.ts';

/** One story that is played on both servers, in a namespace of its own; what it gives is compared. */
export interface Scenario {
  readonly name: string;
  play(side: Side, namespace: string): Promise<readonly Thing[]>;
}

export const core = (namespace: string, resource: string): string => `/api/v1/namespaces/${namespace}/${resource}`;
export const apps = (namespace: string, resource: string): string =>
  `/apis/apps/v1/namespaces/${namespace}/${resource}`;
export const batch = (namespace: string, resource: string): string =>
  `/apis/batch/v1/namespaces/${namespace}/${resource}`;

export const template = (
  labels: Readonly<Record<string, string>>,
  image = 'example.org/a:1',
  more: object = {},
): object => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image }], ...more },
});

/** Plays the kubelet: every Pod that is not yet so becomes running and ready. */
export async function makeReady(side: Side, namespace: string, count = Infinity): Promise<number> {
  let made = 0;
  for (const pod of await side.list(core(namespace, 'pods'))) {
    const { status, metadata } = pod as Thing & { readonly status?: { readonly phase?: string } };
    if (status?.phase !== 'Pending' || metadata.deletionTimestamp !== undefined || made >= count) continue;
    made += 1;
    const ready = { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' };
    await side.send(
      'PATCH',
      `${core(namespace, 'pods')}/${metadata.name}/status`,
      {
        status: { phase: 'Running', podIP: `10.9.0.${made}`, podIPs: [{ ip: `10.9.0.${made}` }], conditions: [ready] },
      },
      'application/strategic-merge-patch+json',
    );
  }
  return made;
}

/** Makes Pods ready as often as it takes until the whole is at rest. */
export async function runUntilRest(side: Side, namespace: string, paths: readonly string[]): Promise<readonly Thing[]> {
  for (;;) {
    const things = await side.rest(paths, 1000);
    if ((await makeReady(side, namespace)) === 0) return things;
  }
}

export async function endPods(side: Side, namespace: string, phase: 'Succeeded' | 'Failed'): Promise<void> {
  const exitCode = phase === 'Succeeded' ? 0 : 1;
  for (const { metadata, status } of (await side.list(core(namespace, 'pods'))) as readonly (Thing & {
    status?: { phase?: string };
  })[]) {
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') continue;
    const terminated = { exitCode, finishedAt: '2026-01-01T00:00:00Z' };
    await side.merge(`${core(namespace, 'pods')}/${metadata.name}/status`, {
      status: {
        phase,
        containerStatuses: [
          { name: 'main', image: 'x', imageID: '', ready: false, restartCount: 0, state: { terminated } },
        ],
      },
    });
  }
}
