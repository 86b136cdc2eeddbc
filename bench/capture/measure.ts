import { join } from 'node:path';
import type { ControlPlane } from '../../test/control-plane/fixture.ts';
import type { BenchInput } from '../bench.ts';
import type { Captured, CaptureJob } from '../children/capture-child.ts';
import type { Listed, ListJob } from '../children/list-child.ts';
import { answerOf } from '../children/run-script.ts';
import { type BulkShape, bulkObject } from '../worlds/bulk.ts';
import { putConfigMaps } from '../worlds/etcd-writer.ts';
import { judgeCaptured } from './judge.ts';

export interface Measured {
  readonly figures: Readonly<Record<string, number>>;
  readonly samples: readonly object[];
}
type Sample =
  | { readonly what: 'list'; readonly limit: number; readonly objects: number; readonly child: Listed }
  | { readonly what: 'capture'; readonly half: boolean; readonly objects: number; readonly child: Captured };

const LIMITS = [500, 5000] as const;

/** Puts a world into the control plane, half of it first, and measures captures of it beside raw lists. */
export async function measureBulk(
  plane: ControlPlane,
  folder: string,
  shape: BulkShape,
  input: BenchInput,
): Promise<Measured> {
  const samples: Sample[] = [];
  const broken = input.options.get('break');
  const tell = (sample: Sample): Sample => {
    const { seconds, highWater } = sample.child;
    const name = sample.what === 'list' ? `list, limit ${sample.limit}` : `capture${sample.half ? ' at half' : ''}`;
    input.say(
      `${name.padEnd(18)} ${seconds.toFixed(2)} s, ${Math.round(sample.objects / seconds)}/s, ${Math.round(highWater)} MB`,
    );
    samples.push(sample);
    return sample;
  };
  const list = async (limit: number, objects: number): Promise<void> => {
    const { url, ca, token } = plane;
    const child = await answerOf<Listed>('list-child', { url, ca, token, limit } satisfies ListJob);
    tell({ what: 'list', limit, objects, child });
  };
  const capture = async (half: boolean, objects: number): Promise<string> => {
    const vault = join(folder, `vault-${samples.length}`);
    const job: CaptureJob = {
      kubeconfig: plane.kubeconfig,
      vault,
      ...(broken === 'losing' || broken === 'changing' ? { broken } : {}),
    };
    tell({ what: 'capture', half, objects, child: await answerOf<Captured>('capture-child', job) });
    return vault;
  };

  // Every second object is the half, so that the objects of 1 MB are halved too.
  const half = await put(plane, shape, (number) => number % 2 === 0);
  await warm(plane);
  await capture(true, half);
  await capture(true, half);
  const rest = await put(plane, shape, (number) => number % 2 === 1);
  await warm(plane);
  const all = half + rest;
  for (const limit of LIMITS) await list(limit, all);
  const vaults = [await capture(false, all), await capture(false, all)];
  for (const limit of LIMITS.toReversed()) await list(limit, all);

  const judged = await judgeCaptured(vaults.at(-1) ?? '', shape);
  for (const example of judged.examples) input.say(example);
  const lists = samples.filter((sample) => sample.what === 'list');
  const captures = samples.filter((sample) => sample.what === 'capture');
  const whole = captures.filter((sample) => !sample.half);
  const rate = (some: readonly Sample[]): number =>
    some.reduce((sum, { objects }) => sum + objects, 0) / some.reduce((sum, { child }) => sum + child.seconds, 0);
  const listRates = LIMITS.map((limit) => rate(lists.filter((sample) => sample.limit === limit)));
  const high = (some: readonly Sample[]): number => Math.max(...some.map(({ child }) => child.highWater));
  const halfHigh = high(captures.filter((sample) => sample.half));
  return {
    figures: {
      objects: all,
      mean_bytes: (whole[0]?.child.bytes ?? Number.NaN) / all,
      list_rate_at_500: listRates[0] ?? Number.NaN,
      list_rate_at_5000: listRates[1] ?? Number.NaN,
      capture_rate: rate(whole),
      capture_seconds: whole.reduce((sum, { child }) => sum + child.seconds, 0) / whole.length,
      ratio: rate(whole) / Math.max(...listRates),
      high_water_mb: high(whole),
      high_water_at_half_mb: halfHigh,
      high_water_to_half: high(whole) / halfHigh,
      captures_incomplete: captures.filter(({ child }) => !child.complete).length,
      rounds: Math.max(...captures.map(({ child }) => child.rounds)),
      objects_missing: judged.missing,
      objects_that_differ: judged.differing,
    },
    samples,
  };
}

/** The API server learns of writes behind its back by its watch of etcd; a fresh one holds them all when it is ready. */
async function warm(plane: ControlPlane): Promise<void> {
  await plane.restartApiServer();
  const { url, ca, token } = plane;
  await answerOf<Listed>('list-child', { url, ca, token, limit: 500 } satisfies ListJob);
}

async function put(plane: ControlPlane, shape: BulkShape, wanted: (number: number) => boolean): Promise<number> {
  return await putConfigMaps(
    plane.etcdUrl,
    (function* () {
      for (let number = 0; number < shape.count; number++) if (wanted(number)) yield bulkObject(shape, number);
    })(),
  );
}
