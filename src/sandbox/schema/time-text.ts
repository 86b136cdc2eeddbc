const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d+)?(Z|[+-]\d\d:\d\d)$/;
const LAYOUT = '2006-01-02T15:04:05Z07:00';
const MICRO_LAYOUT = '2006-01-02T15:04:05.000000Z07:00';
/** What stands in a time one after another: as Go's layout names it, and what it may be. */
const PARTS: readonly (readonly [name: string, shape: RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d/],
];
const FRACTION = /^[.,]\d+/;
const ZONE = /^(?:Z|[+-]\d\d:\d\d)/;

type TimeText = { readonly value: string } | { readonly problem: string };

/** The first part of a layout that a text does not have, in the words of Go. */
function problemOf(text: string, layout: string): string {
  const head = `parsing time ${JSON.stringify(text)}`;
  const cannot = (rest: string, part: string): string =>
    `${head} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`;
  let rest = text;
  for (const [name, shape] of PARTS) {
    const found = shape.exec(rest);
    if (found === null) return cannot(rest, name);
    rest = rest.slice(found[0].length);
  }
  const fraction = FRACTION.exec(rest)?.[0];
  if (layout === MICRO_LAYOUT && fraction?.length !== 7) return cannot(rest, '.000000');
  rest = rest.slice(fraction?.length ?? 0);
  const zone = ZONE.exec(rest)?.[0];
  if (zone === undefined) return cannot(rest, 'Z07:00');
  rest = rest.slice(zone.length);
  if (rest !== '') return `${head}: extra text: ${JSON.stringify(rest)}`;
  const [, , month = 0, day = 0, hour = 0, minute = 0] = (RFC3339.exec(text) ?? []).map(Number);
  const wrong =
    month < 1 || month > 12
      ? 'month'
      : day < 1 || day > 31
        ? 'day'
        : hour > 23
          ? 'hour'
          : minute > 59
            ? 'minute'
            : 'day';
  return `${head}: ${wrong} out of range`;
}

function instant(text: string): number | undefined {
  if (!RFC3339.test(text)) return undefined;
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  const at = Date.parse(text.replace(',', '.'));
  return Number.isNaN(at) ? undefined : at;
}

/** A time as the server answers it: UTC, whole seconds. */
export function canonicalTime(sent: string): TimeText {
  const at = instant(sent);
  if (at === undefined) return { problem: problemOf(sent, LAYOUT) };
  return { value: `${new Date(at).toISOString().slice(0, 19)}Z` };
}

/** A time with microseconds, UTC. */
export function canonicalMicroTime(sent: string): TimeText {
  const at = instant(sent);
  const fraction = RFC3339.exec(sent)?.[7]?.slice(1) ?? '';
  if (at === undefined || fraction.length !== 6) return { problem: problemOf(sent, MICRO_LAYOUT) };
  return { value: `${new Date(at).toISOString().slice(0, 19)}.${fraction}Z` };
}
