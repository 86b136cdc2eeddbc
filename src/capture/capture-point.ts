import type { Cluster } from '../cluster/port.ts';
import type { ResourceName } from '../objects/key.ts';
import type { PointManifest, PointWriter, Vault } from '../vault/vault.ts';
import { captureFault } from './codes.ts';
import { incompleteness } from './incompleteness.ts';
import { readRound } from './round.ts';
import { withSuspicion } from './suspect.ts';

export interface Clock {
  now(): Date;
}
export interface CaptureProgress {
  readonly stage: 'listing' | 'storing';
  /** From 1; above 1 when the revision expired and the point began again. */
  readonly round: number;
  /** The resource that was finished last. */
  readonly resource?: ResourceName;
  readonly resourcesDone: number;
  /** 0 until the resources are known. */
  readonly resources: number;
  readonly objects: number;
  /** Raw bytes. */
  readonly bytes: number;
}
export interface CaptureOptions {
  readonly cluster: Cluster;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Called when a resource is finished and every thousand objects. */
  readonly onProgress?: (progress: CaptureProgress) => void;
  /** Items a page; default 5,000: bodies are streamed, so a large page costs no memory here, and a small one a third of the rate (measured). */
  readonly limit?: number;
  /** Lists at the same time; default 4. */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
}

/** The whole point begins again this often when its revision expires; after that it is incomplete. */
const AGAIN = 2;
const PROGRESS_EVERY = 1000;
const PAGE = 5000;

/**
 * Captures the whole cluster into the vault as one recovery point of one revision. The manifest says whether it is complete and what is missing
 * (`incompleteness`). Throws, with nothing kept, when there is no point: see `CAPTURE_CODES`.
 */
export async function capturePoint(options: CaptureOptions): Promise<PointManifest> {
  const { cluster, vault, signal } = options;
  const started = options.clock.now();
  let writer: PointWriter | undefined;
  try {
    signal?.throwIfAborted();
    const fingerprint = await cluster.fingerprint();
    const version = (await cluster.version()).gitVersion;
    const before = (await vault.points()).findLast((point) => point.cluster.fingerprint === fingerprint);
    for (let round = 1; ; round++) {
      let takenAt = started.toISOString();
      const progress = progressOf(options, round);
      const outcome = await readRound({
        cluster,
        begin: async () => {
          takenAt = options.clock.now().toISOString();
          writer = await vault.begin(takenAt);
          return writer;
        },
        limit: options.limit ?? PAGE,
        parallel: options.parallel ?? 4,
        lastRound: round > AGAIN,
        signal,
        ...progress,
      });
      if (outcome.kind === 'expired') {
        await (writer as PointWriter | undefined)?.abort();
        writer = undefined;
        continue;
      }
      const { revision, skipped, dead } = outcome;
      const resources = outcome.resources.map((record) => withSuspicion(record, before));
      await sameCluster(cluster, fingerprint);
      signal?.throwIfAborted();
      progress.storing();
      const point = await (writer as PointWriter | undefined)?.commit({
        takenAt,
        tookMs: options.clock.now().getTime() - started.getTime(),
        cluster: { fingerprint, name: cluster.name, version },
        revision,
        complete: incompleteness({ resources, dead }).length === 0,
        resources,
        skipped,
        dead,
      });
      if (point !== undefined) return point;
    }
  } catch (error) {
    // What led here is what is told; whatever an abort leaves behind has no manifest and is no point.
    await writer?.abort().catch(() => undefined);
    if (signal?.aborted !== true) throw error;
    throw captureFault('CAPTURE-INTERRUPTED', 'the capture was interrupted; nothing of it is kept', {
      hint: 'Run it again; it always begins anew, at the newest revision.',
      cause: error,
    });
  }
}

async function sameCluster(cluster: Cluster, fingerprint: string): Promise<void> {
  const now = await cluster.fingerprint();
  if (now === fingerprint) return;
  throw captureFault('OTHER-CLUSTER', `cluster ${fingerprint} answered first and ${now} last, so no point was taken`, {
    hint: 'Something between, a load balancer or a context that changed, leads to two clusters: name one server.',
    details: { first: fingerprint, last: now },
  });
}

function progressOf({ onProgress }: CaptureOptions, round: number) {
  const now = {
    stage: 'listing' as CaptureProgress['stage'],
    round,
    resourcesDone: 0,
    resources: 0,
    objects: 0,
    bytes: 0,
  };
  let resource: ResourceName | undefined;
  const tell = (): void => onProgress?.({ ...now, ...(resource === undefined ? {} : { resource }) });
  return {
    onObject(bytes: number): void {
      now.bytes += bytes;
      if (++now.objects % PROGRESS_EVERY === 0) tell();
    },
    onChosen(resources: number): void {
      now.resources = resources;
    },
    onResource(finished: ResourceName, done: number): void {
      resource = finished;
      now.resourcesDone = done;
      tell();
    },
    storing(): void {
      now.stage = 'storing';
      tell();
    },
  };
}
