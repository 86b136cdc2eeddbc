import { uidFor } from '../../bench/worlds/random.ts';
import { type World, writeWorld } from '../../bench/worlds/world.ts';
import { type SandboxStage, type StageOptions, sandboxStage } from '../../src/cli/rehearsal/sandbox-stage.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import { DEFAULT_RATE } from '../../src/rehearsal/estimate.ts';
import type { Fate } from '../../src/rehearsal/fates.ts';
import { rehearse } from '../../src/rehearsal/rehearse.ts';
import type { RehearsalReport } from '../../src/rehearsal/report.ts';
import type { Stage } from '../../src/rehearsal/stage.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { PointReader, Vault } from '../../src/vault/vault.ts';

/** After everything that a world lived through. */
export const NOW = Date.now() + 600_000;

/** A vault in memory with one point of a world. */
export async function vaultOf(world: World): Promise<Vault> {
  const vault = openVault('memory:');
  await writeWorld(vault, world, uidFor(0xaa, 1));
  return vault;
}

export interface Rehearsing {
  readonly stage?: Partial<StageOptions>;
  /** Changes what the rehearsal sees of its stage: how a test sabotages it. */
  readonly bend?: (stage: SandboxStage) => Partial<Stage>;
  /** Looks at the stage before it is closed. */
  readonly look?: (stage: SandboxStage) => void;
}

export async function rehearsed(reader: PointReader, how: Rehearsing = {}): Promise<RehearsalReport> {
  const stage = await sandboxStage({ name: 'stage', now: NOW, seed: 1, ...how.stage });
  try {
    const report = await rehearse({
      stage: { ...stage, ...how.bend?.(stage) },
      reader,
      policy: { selection: {}, fieldOwnership: 'all' },
      rate: DEFAULT_RATE,
    });
    how.look?.(stage);
    return report;
  } finally {
    await stage.close();
  }
}

export function fateOf({ objects }: RehearsalReport, key: string): Fate {
  const found = objects.find((one) => one.key === key || one.copyOf === key);
  if (found === undefined) throw new Error(`nothing is said of ${key}`);
  return found;
}

/** The cluster with bodies changed on their way to creation. */
export function creating(cluster: Cluster, change: (body: JsonObject) => JsonObject): Cluster {
  return new Proxy(cluster, {
    get(target, name) {
      if (name === 'create')
        return (at: never, body: JsonObject, options: never) => target.create(at, change(body), options);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Objects as a capture has them. */
export const captured = (
  number: number,
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  rest: Readonly<Record<string, unknown>> = {},
): KubeObject =>
  ({
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: uidFor(0xbb, number),
      resourceVersion: String(number + 100),
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    ...rest,
  }) as KubeObject;
