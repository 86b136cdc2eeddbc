import type { MutableJson, MutableJsonObject } from '../../../objects/json.ts';
import { WireProblem, type WireReader } from './wire.ts';

/** Numbers by field number: the messages of times, durations and the like hold little else. */
function integers(reader: WireReader, texts?: (number: number, part: WireReader) => void): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  while (!reader.done) {
    const [number, type] = reader.tag();
    if (type === 0) found.set(number, reader.varint());
    else if (type === 2 && texts !== undefined) texts(number, reader.part());
    else reader.skip(type);
  }
  return found;
}

/** RFC 3339 without fractions, which the server leaves out; nothing inside: no time. */
export function timeOf(reader: WireReader): string | null {
  if (reader.done) return null;
  const seconds = integers(reader).get(1) ?? 0;
  return `${isoOf(seconds)}Z`;
}

export function microTimeOf(reader: WireReader): string | null {
  if (reader.done) return null;
  const found = integers(reader);
  const micros = Math.floor((found.get(2) ?? 0) / 1000);
  return `${isoOf(found.get(1) ?? 0)}.${String(micros).padStart(6, '0')}Z`;
}

const isoOf = (seconds: number): string => {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) throw new WireProblem('Time.MarshalJSON: year outside of range [0,9999]');
  return at.toISOString().slice(0, 19);
};

const NANOS_AN_HOUR = 3_600_000_000_000;
const NANOS_A_MINUTE = 60_000_000_000;

/** As Go writes a duration: `1h0m0.5s`, `200ms`, `0s`. */
export function durationOf(reader: WireReader): string {
  const nanos = integers(reader).get(1) ?? 0;
  const sign = nanos < 0 ? '-' : '';
  const all = Math.abs(nanos);
  if (all === 0) return '0s';
  if (all < 1_000) return `${sign}${all}ns`;
  if (all < 1_000_000) return `${sign}${all / 1_000}µs`;
  if (all < 1_000_000_000) return `${sign}${all / 1_000_000}ms`;
  const hours = Math.floor(all / NANOS_AN_HOUR);
  const minutes = Math.floor((all % NANOS_AN_HOUR) / NANOS_A_MINUTE);
  const seconds = (all % NANOS_A_MINUTE) / 1_000_000_000;
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}

export function quantityOf(reader: WireReader): string {
  let text = '';
  integers(reader, (number, part) => {
    if (number === 1) text = part.text();
  });
  return text === '' ? '0' : text;
}

/** A number or a string. */
export function eitherOf(reader: WireReader): number | string {
  let text = '';
  const found = integers(reader, (number, part) => {
    if (number === 3) text = part.text();
  });
  return found.get(1) === 1 ? text : (found.get(2) ?? 0);
}

/** JSON inside of a message, null when there is none. */
export function rawOf(reader: WireReader): MutableJson {
  let raw: Buffer | undefined;
  integers(reader, (number, part) => {
    if (number === 1) raw = part.rest();
  });
  if (raw === undefined || raw.length === 0) return null;
  try {
    return JSON.parse(raw.toString('utf8')) as MutableJson;
  } catch {
    throw new WireProblem('json: error calling MarshalJSON for type *runtime.RawExtension: invalid JSON');
  }
}

export function itemsOf(reader: WireReader): string[] {
  const items: string[] = [];
  integers(reader, (number, part) => {
    if (number === 1) items.push(part.text());
  });
  return items;
}

/** One of the fields of a definition's schema that hold a schema or something else: that, or a list of schemas or names. */
export function schemaOr(
  reader: WireReader,
  kind: 'schemaOrBool' | 'schemaOrSchemas' | 'schemaOrNames',
  schemaOf: (part: WireReader) => MutableJsonObject,
): MutableJson {
  let schema: MutableJsonObject | undefined;
  const list: MutableJson[] = [];
  const found = integers(reader, (number, part) => {
    if (number === (kind === 'schemaOrBool' ? 2 : 1)) schema = schemaOf(part);
    else list.push(kind === 'schemaOrNames' ? part.text() : schemaOf(part));
  });
  if (kind === 'schemaOrBool') return schema ?? found.get(1) === 1;
  return schema ?? (list.length > 0 ? list : null);
}
