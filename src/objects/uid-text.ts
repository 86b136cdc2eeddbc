/** How a UID stands in a text: `a94f6701-f72b-491f-9107-bdde7b06d9f0`, or the same 32 hex digits without dashes. */
export type UidForm = 'dashed' | 'bare';
export const UID_LENGTH: Readonly<Record<UidForm, number>> = { dashed: 36, bare: 32 };

const DASH = 45;
/** The value of a hex digit by its char code; -1 for a dash; -2 for everything else. */
const DIGIT = new Int8Array(256).fill(-2);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  DIGIT[digit.charCodeAt(0)] = value;
  DIGIT[digit.toUpperCase().charCodeAt(0)] = value;
}
DIGIT[DASH] = -1;

function digitAt(text: string, at: number): number {
  return DIGIT[text.charCodeAt(at)] ?? -2;
}

/**
 * Visits every place in the text where a UID may stand, in either form and case, inside longer words too. `visit` answers
 * whether it took the place; then no other place that overlaps it is visited.
 *
 * Every UID covers 32 characters of hex digits and dashes without a break, so looking at each 32nd character finds them all.
 */
export function visitUids(text: string, visit: (start: number, form: UidForm) => boolean): void {
  const length = text.length;
  for (let probe = 31; probe < length; ) {
    if (digitAt(text, probe) === -2) {
      probe += 32;
      continue;
    }
    let start = probe;
    while (start > 0 && digitAt(text, start - 1) !== -2) start--;
    let end = probe + 1;
    while (end < length && digitAt(text, end) !== -2) end++;
    if (end - start >= 32) visitRun(text, start, end, visit);
    probe = end + 32;
  }
}

/** `start` to `end` holds nothing but hex digits and dashes. */
function visitRun(text: string, start: number, end: number, visit: (start: number, form: UidForm) => boolean): void {
  for (let at = start; at < end; ) {
    let wordEnd = at;
    while (wordEnd < end && text.charCodeAt(wordEnd) !== DASH) wordEnd++;
    at = visitWord(text, at, wordEnd, end, visit);
  }
}

/** One word between dashes; answers where to go on. */
function visitWord(
  text: string,
  start: number,
  wordEnd: number,
  end: number,
  visit: (start: number, form: UidForm) => boolean,
): number {
  let at = start;
  while (at + 32 <= wordEnd) at += visit(at, 'bare') ? 32 : 1;
  const dashed = wordEnd - 8;
  if (dashed >= at && isDashed(text, dashed, end) && visit(dashed, 'dashed')) return dashed + 36;
  return wordEnd + 1;
}

function isDashed(text: string, start: number, end: number): boolean {
  if (start + 36 > end) return false;
  for (let at = 0; at < 36; at++) {
    const dash = at === 8 || at === 13 || at === 18 || at === 23;
    if ((text.charCodeAt(start + at) === DASH) !== dash) return false;
  }
  return true;
}

/** The UID at a place that `visitUids` gave: dashed, lower case. */
export function dashedUidAt(text: string, start: number, form: UidForm): string {
  const found = text.slice(start, start + UID_LENGTH[form]).toLowerCase();
  if (form === 'dashed') return found;
  return `${found.slice(0, 8)}-${found.slice(8, 12)}-${found.slice(12, 16)}-${found.slice(16, 20)}-${found.slice(20)}`;
}

/** The first eight hex digits at a place as a number from 0 to 2^32 - 1: tells most UIDs apart without making a text. */
export function uidPrefixAt(text: string, start: number): number {
  let value = 0;
  for (let at = start; at < start + 8; at++) value = (value << 4) | (digitAt(text, at) & 15);
  return value >>> 0;
}

/** Whether a UID may stand somewhere in the text, in either form. */
export function mayHoldUid(text: string): boolean {
  let found = false;
  visitUids(text, () => {
    found = true;
    return true;
  });
  return found;
}

/** A dashed lower-case UID in the form asked for. */
export function uidInForm(uid: string, form: UidForm): string {
  return form === 'dashed' ? uid : uid.replaceAll('-', '');
}
