interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}
const FIELDS: readonly Bounds[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { low: 0, high: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** What the server's parser says of a schedule, or nothing when it is one. */
export function scheduleFault(schedule: string): string | undefined {
  const zoned = /^(?:CRON_)?TZ=\S*\s+(.*)$/.exec(schedule);
  if (zoned !== null) return scheduleFault(zoned[1] ?? '');
  if (schedule.startsWith('@')) {
    if (DESCRIPTORS.includes(schedule)) return undefined;
    if (/^@every (\d+(\.\d+)?(ns|us|ms|s|m|h))+$/.test(schedule)) return undefined;
    return `unrecognized descriptor: ${schedule}`;
  }
  const fields = schedule.trim() === '' ? [] : schedule.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [at, field] of fields.entries()) {
    const bounds = FIELDS[at];
    if (bounds === undefined) continue;
    for (const range of field.split(',')) {
      const fault = rangeFault(range, bounds);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function rangeFault(text: string, bounds: Bounds): string | undefined {
  const [range = '', step, ...moreSteps] = text.split('/');
  const [from = '', to, ...moreEnds] = range.split('-');
  let low: number;
  let high: number;
  if (from === '*' || from === '?') [low, high] = [bounds.low, bounds.high];
  else {
    const start = numberOf(from, bounds);
    if (typeof start === 'string') return start;
    const end = to === undefined ? start : numberOf(to, bounds);
    if (typeof end === 'string') return end;
    if (moreEnds.length > 0) return `too many hyphens: ${text}`;
    [low, high] = [start, end];
  }
  if (step !== undefined) {
    const every = numberOf(step, { low: 0, high: 0 });
    if (typeof every === 'string') return every;
    if (moreSteps.length > 0) return `too many slashes: ${text}`;
    if (to === undefined && from !== '*' && from !== '?') high = bounds.high;
    if (every === 0) return `step of range should be a positive number: ${text}`;
  }
  if (low < bounds.low) return `beginning of range (${low}) below minimum (${bounds.low}): ${text}`;
  if (high > bounds.high) return `end of range (${high}) above maximum (${bounds.high}): ${text}`;
  if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${text}`;
  return undefined;
}

function numberOf(text: string, bounds: Bounds): number | string {
  const named = bounds.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + bounds.low;
  if (/^[+]?\d+$/.test(text)) return Number(text);
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`;
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}
