/**
 * A capture into a directory vault beside the raw list of the same objects, whose bodies are thrown away. The worlds are put straight
 * into etcd, first a half of each, for the memory at half the size, then the rest. `--break losing|changing` plays a capture that loses or changes objects.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlPlaneAvailable, startControlPlane } from '../test/control-plane/fixture.ts';
import type { BenchInput, BenchOutcome, BenchTarget } from './bench.ts';
import { measureBulk } from './capture/measure.ts';
import { makeNamespaces } from './server.ts';
import { type BulkShape, bulkNamespaces } from './worlds/bulk.ts';

const WORLDS = [
  { name: 'plain', what: 'ConfigMaps of 1.5 KB', full: 100_000, huge: 0, atLeast: 0.75 },
  {
    name: 'fielded',
    what: 'ConfigMaps of 10 KB mean with managed fields and some of 1 MB',
    full: 20_000,
    huge: 40,
    atLeast: 0.5,
  },
] as const;
const MOST_MB = 300;
const MOST_GROWTH = 1.15;

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const nothing = { name: 'capture', figures: {}, targets: [], samples: [] };
  const available = await controlPlaneAvailable();
  if (available.kind === 'unavailable') return { ...nothing, couldNotRun: `${available.why} ${available.hint}` };
  const figures: Record<string, number | string> = {};
  const targets: BenchTarget[] = [];
  const samples: unknown[] = [];
  for (const { name, what, full, huge, atLeast } of WORLDS) {
    const shape: BulkShape = {
      kind: name,
      count: Math.max(100, Math.round(full * input.scale)),
      huge: huge === 0 ? 0 : Math.max(2, Math.round(huge * input.scale)),
    };
    input.say(`${shape.count} ${what}`);
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-capture-'));
    try {
      await using plane = await startControlPlane({ controllerManager: false });
      await makeNamespaces(plane, bulkNamespaces);
      const measured = await measureBulk(plane, folder, shape, input);
      for (const [figure, value] of Object.entries(measured.figures)) figures[`${name}.${figure}`] = value;
      samples.push(...measured.samples.map((sample) => ({ world: name, ...sample })));
      const judged = (figure: string) => `${name}.${figure}`;
      const none = (figure: string, claim: string): BenchTarget => ({
        name: `${name}: ${claim}`,
        figure: judged(figure),
        op: '==',
        limit: 0,
        atAnyScale: true,
      });
      targets.push(
        {
          name: `${name}: at least ${atLeast * 100} % of the best raw list`,
          figure: judged('ratio'),
          op: '>=',
          limit: atLeast,
        },
        { name: `${name}: at most ${MOST_MB} MB`, figure: judged('high_water_mb'), op: '<=', limit: MOST_MB },
        {
          name: `${name}: at most 15 % above half the size`,
          figure: judged('high_water_to_half'),
          op: '<=',
          limit: MOST_GROWTH,
        },
        none('captures_incomplete', 'every point is complete'),
        none('objects_missing', 'every object is in the point'),
        none('objects_that_differ', 'every object is as it was put'),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { name: 'capture', figures, targets, samples };
}
