/** Which of `apiVersion` and `kind` an item lacks: items of built-in lists lack both, custom resources carry both. */
export type Lacks = 'nothing' | 'apiVersion' | 'kind' | 'both';
export const LACKS: readonly Lacks[] = ['nothing', 'apiVersion', 'kind', 'both'];

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const METADATA = Buffer.from('{"metadata":');
const API_VERSION = Buffer.from('{"apiVersion":"');
const KIND = Buffer.from('{"kind":"');
const THEN_API_VERSION = Buffer.from(',"apiVersion":"');
const THEN_KIND = Buffer.from(',"kind":"');

/**
 * Reads it off the first bytes: a Go server writes the type first or, with sorted keys, before `metadata`.
 * Any other beginning (a field that sorts before `apiVersion`, white space) is parsed. Undefined when that is no JSON object.
 */
export function lacksOf(bytes: Uint8Array): Lacks | undefined {
  if (begins(bytes, 0, METADATA)) return 'both';
  if (begins(bytes, 0, API_VERSION) && begins(bytes, afterText(bytes, API_VERSION.length), THEN_KIND)) return 'nothing';
  if (begins(bytes, 0, KIND) && begins(bytes, afterText(bytes, KIND.length), THEN_API_VERSION)) return 'nothing';
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const { apiVersion, kind } = parsed as { apiVersion?: unknown; kind?: unknown };
  if (apiVersion !== undefined) return kind !== undefined ? 'nothing' : 'kind';
  return kind !== undefined ? 'apiVersion' : 'both';
}

/** The same, as fields. */
export function lackingType(
  lacks: Lacks,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): { readonly apiVersion?: string; readonly kind?: string } {
  return {
    ...(lacks === 'apiVersion' || lacks === 'both' ? { apiVersion } : {}),
    ...(lacks === 'kind' || lacks === 'both' ? { kind } : {}),
  };
}

/** What is written after the opening brace, a comma at its end; empty when nothing lacks. The item is never an empty object: it has a name. */
export function missingType(lacks: Lacks, type: { readonly apiVersion: string; readonly kind: string }): Buffer {
  const version = lacks === 'apiVersion' || lacks === 'both' ? `"apiVersion":${JSON.stringify(type.apiVersion)},` : '';
  const kind = lacks === 'kind' || lacks === 'both' ? `"kind":${JSON.stringify(type.kind)},` : '';
  return Buffer.from(version + kind);
}

/** A fresh copy of the item with what it lacks. */
export function withType(raw: Uint8Array, missing: Uint8Array): Uint8Array {
  const whole = Buffer.allocUnsafe(raw.length + missing.length);
  if (missing.length === 0) whole.set(raw);
  else {
    const inside = raw.indexOf(0x7b) + 1;
    whole.set(raw.subarray(0, inside));
    whole.set(missing, inside);
    whole.set(raw.subarray(inside), inside + missing.length);
  }
  return whole;
}

function begins(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  if (at < 0 || at + wanted.length > bytes.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** The place after the closing quote of a text that begins at `at`; -1 when it has an escape or no end nearby. */
function afterText(bytes: Uint8Array, at: number): number {
  const end = Math.min(bytes.length, at + 512);
  for (let i = at; i < end; i++) {
    if (bytes[i] === BACKSLASH) return -1;
    if (bytes[i] === QUOTE) return i + 1;
  }
  return -1;
}
