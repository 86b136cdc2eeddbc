import type { Cluster } from '../cluster/port.ts';
import type { KubeObject } from '../objects/json.ts';
import type { KeyText, Uid } from '../objects/key.ts';
import type { CopyStep, CreateStep, Plan, Reason } from '../plan/plan.ts';
import type { PointReader } from '../vault/vault.ts';
import { recoverFault, type StepCode } from './codes.ts';
import type { RunLimits } from './run-limits.ts';
import type { RunLog } from './run-log.ts';
import type { Consents } from './run-record.ts';
import type { Wire } from './wire.ts';

/** How one try of a step came out. `later`: the reason may go away, so it is tried again while anything moves. */
export type StepOutcome =
  | {
      readonly kind: 'done';
      readonly adopted?: true;
      readonly key?: KeyText;
      readonly uid?: Uid;
      readonly notes?: readonly Reason[];
    }
  | { readonly kind: 'withheld' | 'failed' | 'later'; readonly reason: Reason };

/** What the steps of one run share. */
export interface RunContext {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly wire: Wire;
  readonly reader: Pick<PointReader, 'read'>;
  readonly log: RunLog;
  readonly limits: RunLimits;
  readonly consents: Consents;
  /** UIDs in the target of everything adopted, living or written so far. */
  readonly uids: Map<KeyText, Uid>;
  readonly uidOf: (key: KeyText) => Uid | undefined;
  /** The step that writes this object, for its managed fields. */
  creatorOf(key: KeyText): CreateStep | CopyStep | undefined;
  /** Waits for `look` to give a value, at growing pauses, without taking the place of a request. Undefined when the time is up. */
  until<T>(millis: number, look: () => Promise<T | undefined>): Promise<T | undefined>;
}

/** The captured object of a row, parsed for this call alone. */
export async function capturedOf(reader: Pick<PointReader, 'read'>, row: number): Promise<KubeObject> {
  const bytes = await reader.read(row);
  return parseBody(bytes, row);
}

/** The JSON of a body as text; what is no UTF-8 becomes a replacement character, which digests have ruled out. */
export function bodyText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export function parseBody(bytes: Uint8Array, row: number): KubeObject {
  return parseBodyText(bodyText(bytes), row);
}

export function parseBodyText(text: string, row: number, parse: (text: string) => KubeObject = JSON.parse): KubeObject {
  try {
    const body = parse(text);
    if (typeof body?.metadata === 'object' && body.metadata !== null) return body;
  } catch {
    // Told below.
  }
  throw recoverFault('BODY-MALFORMED', `Row ${row} of the point is no Kubernetes object.`, {
    hint: 'Check the vault, and recover from an older point.',
  });
}

export function failed(code: StepCode, sentence: string): StepOutcome {
  return { kind: 'failed', reason: { code, sentence } };
}
export function later(code: StepCode, sentence: string): StepOutcome {
  return { kind: 'later', reason: { code, sentence } };
}
export function withheld(code: StepCode, sentence: string): StepOutcome {
  return { kind: 'withheld', reason: { code, sentence } };
}
