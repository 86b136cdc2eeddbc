import { createHash } from 'node:crypto';
import type { JsonObject, KubeObject } from '../../objects/json.ts';
import { type Clock, timestamp } from '../clock.ts';
import { dnsSubdomain } from '../schema/metadata/names.ts';
import type { ControllerContext } from './controller.ts';
import { CONTROLLER_MANAGER, handsOf, refusedAs, resource, WriteRefused } from './hands.ts';

const EVENTS = resource('events');
/** Of one reason so many messages within the interval are told apart; those after them are told as one. */
const MOST_ALIKE = 10;
const ALIKE_MS = 600_000;
/** A component may tell so much of one object at once, and after that one thing in five minutes. */
const BURST = 25;
const TOKEN_MS = 300_000;
const MOST_KEPT = 4096;

/** Tells what a controller did as Events, as client-go's recorder does; one that is refused is lost. */
export interface EventRecorder {
  normal(about: KubeObject, reason: string, message: string, fieldPath?: string): Promise<void>;
  warning(about: KubeObject, reason: string, message: string): Promise<void>;
}
const SILENT: EventRecorder = { normal: async () => undefined, warning: async () => undefined };

export interface EventSource {
  /** As Events name it: `deployment-controller`. */
  readonly component: string;
  /** The node that it is on, if it is a part of one. */
  readonly host?: string;
  /** Field manager; default: that of kube-controller-manager. */
  readonly manager?: string;
}
interface Told {
  count: number;
  readonly name: string;
}

/** `user`: as `handsOf` takes it. */
export function eventsOf(
  context: ControllerContext,
  user: Parameters<typeof handsOf>[1],
  { component, host = '', manager = CONTROLLER_MANAGER }: EventSource,
): EventRecorder {
  if (context.events === false) return SILENT;
  const { clock } = context;
  const hands = handsOf(context, user, manager);
  const alike = new Recent<{ readonly messages: Set<string>; at: number }>();
  const told = new Recent<Told>();
  const tokens = new Recent<{ left: number; at: number }>();

  /** Under which key the message is counted, and how it reads: among too many of one kind they are one. */
  function grouped(group: string, message: string, fieldPath: string): readonly [key: string, text: string] {
    const now = clock.now();
    const known = alike.get(group);
    const current =
      known !== undefined && now - known.at <= ALIKE_MS ? known : { messages: new Set<string>(), at: now };
    current.at = now;
    current.messages.add(message);
    alike.put(group, current);
    if (current.messages.size < MOST_ALIKE) return [`${group} ${fieldPath} ${message}`, message];
    for (const one of current.messages) {
      current.messages.delete(one);
      break;
    }
    return [group, `(combined from similar events): ${message}`];
  }
  function tooMany(key: string): boolean {
    const now = clock.now();
    const known = tokens.get(key) ?? { left: BURST, at: now };
    const left = Math.min(BURST, known.left + (now - known.at) / TOKEN_MS);
    tokens.put(key, { left: left < 1 ? left : left - 1, at: now });
    return left < 1;
  }

  async function tell(about: KubeObject, type: string, reason: string, said: string, fieldPath = ''): Promise<void> {
    const { namespace, name = '', uid = '', resourceVersion = '' } = about.metadata;
    const { kind, apiVersion } = about;
    const object = `${kind} ${namespace ?? ''}/${name} ${uid} ${type}`;
    const group = `${object} ${reason}`;
    const [key, message] = grouped(group, said, fieldPath);
    const before = told.get(key);
    const event = { name: before?.name ?? eventName(context, name), count: (before?.count ?? 0) + 1 };
    told.put(key, event);
    if (tooMany(object)) return;
    const at = timestamp(clock.now());
    const where = namespace ?? 'default';
    const place = { metadata: { namespace: where, name: event.name } };
    if (before !== undefined)
      try {
        await hands.patch(EVENTS, place, 'strategic', { count: event.count, lastTimestamp: at, message });
        return;
      } catch (error) {
        if (!refusedAs(error, 'NotFound')) throw error;
      }
    await hands.create(EVENTS, where, {
      apiVersion: 'v1',
      kind: 'Event',
      ...place,
      involvedObject: {
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        uid,
        apiVersion,
        resourceVersion,
        ...(fieldPath === '' ? {} : { fieldPath }),
      },
      reason,
      message,
      source: host === '' ? { component } : { component, host },
      firstTimestamp: at,
      lastTimestamp: at,
      count: event.count,
      type,
      eventTime: null,
      // The real recorder forgets who reports when it combines.
      reportingComponent: key === group ? '' : component,
      reportingInstance: key === group ? '' : host,
    } satisfies JsonObject);
  }
  const tried = async (telling: Promise<void>): Promise<void> => {
    try {
      await telling;
    } catch (error) {
      if (!(error instanceof WriteRefused)) throw error;
      context.log(`event: ${error.message}`);
    }
  };
  return {
    normal: (about, reason, message, fieldPath) => tried(tell(about, 'Normal', reason, message, fieldPath)),
    warning: (about, reason, message) => tried(tell(about, 'Warning', reason, message)),
  };
}

const latest = new WeakMap<Clock, bigint>();

/** `name.nanoseconds` in hexadecimal, or something like a UID where that is no name; no two are the same under one clock, even while it stands. */
export function eventName({ clock }: ControllerContext, about: string): string {
  const now = BigInt(Math.floor(clock.now())) * 1_000_000n;
  const last = latest.get(clock) ?? 0n;
  const nanoseconds = now > last ? now : last + 1n;
  latest.set(clock, nanoseconds);
  const name = `${about}.${nanoseconds.toString(16)}`;
  if (dnsSubdomain(name).length === 0) return name;
  const hash = createHash('sha256').update(name).digest('hex');
  return [8, 12, 16, 20, 32].map((end, at) => hash.slice([0, 8, 12, 16, 20][at], end)).join('-');
}

/** Keeps the most recent entries, so that a long run does not remember all. */
class Recent<T> {
  readonly #entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  put(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= MOST_KEPT) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }
}
