const NAMES: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  nov: 11,
  dec: 12,
  sun: 0,
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
};
const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MINUTE_MS = 60_000;
/** A schedule that fires at no time within so many minutes never does (29 February included). */
const HORIZON_MINUTES = 5 * 366 * 24 * 60;

interface Field {
  readonly values: ReadonlySet<number>;
  readonly any: boolean;
}

/** When a CronJob is due: minute, hour, day of month, month, day of week, in a time zone. */
export interface CronSchedule {
  /** The first time after `time` (ms); undefined when there is none within five years. */
  next(time: number): number | undefined;
}

/** Undefined when the text is no schedule. `zone`: an IANA name; UTC without one. */
export function cronSchedule(text: string, zone = 'UTC'): CronSchedule | undefined {
  const prefixed = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text.trim());
  const [place, body] = prefixed === null ? [zone, text.trim()] : [prefixed[1] ?? zone, prefixed[2] ?? ''];
  const every = /^@every\s+(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(body);
  if (every !== null) {
    const seconds = Number(every[1] ?? 0) * 3600 + Number(every[2] ?? 0) * 60 + Number(every[3] ?? 0);
    return seconds === 0 ? undefined : { next: (time) => Math.floor(time / 1000 + seconds) * 1000 };
  }
  const parts = (MACROS[body] ?? body).split(/\s+/);
  const ranges = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ] as const;
  const fields = ranges.map(([low, high], index) => field(parts[index] ?? '', low, high));
  const [minute, hour, day, month, weekday] = fields;
  if (parts.length !== 5 || !minute || !hour || !day || !month || !weekday) return undefined;
  const clock = zoned(place);
  if (clock === undefined) return undefined;
  const dayFits = (at: Wall): boolean => {
    const byMonth = day.values.has(at.day);
    const byWeek = weekday.values.has(at.weekday) || (at.weekday === 0 && weekday.values.has(7));
    return day.any || weekday.any ? byMonth && byWeek : byMonth || byWeek;
  };
  return {
    next(time) {
      let at = (Math.floor(time / MINUTE_MS) + 1) * MINUTE_MS;
      const end = at + HORIZON_MINUTES * MINUTE_MS;
      while (at < end) {
        const wall = clock(at);
        if (!month.values.has(wall.month) || !dayFits(wall)) {
          // To the next midnight of the zone, an hour early in case its clocks change that night.
          at += Math.max(60 * (23 - wall.hour) + 60 - wall.minute - 60, 60 - wall.minute) * MINUTE_MS;
        } else if (!hour.values.has(wall.hour)) at += (60 - wall.minute) * MINUTE_MS;
        else if (minute.values.has(wall.minute)) return at;
        else at += MINUTE_MS;
      }
      return undefined;
    },
  };
}

function field(text: string, low: number, high: number): Field | undefined {
  const values = new Set<number>();
  let any = false;
  for (const part of text.split(',')) {
    const [span = '', step = '1'] = part.split('/');
    const width = Number(step);
    if (!Number.isInteger(width) || width < 1) return undefined;
    let [first, last] = [low, high];
    if (span === '*' || span === '?') any ||= width === 1;
    else {
      const [from = '', to] = span.split('-');
      first = numberOf(from);
      last = to === undefined ? (part.includes('/') ? high : first) : numberOf(to);
    }
    if (!(first >= low && last <= high && first <= last)) return undefined;
    for (let value = first; value <= last; value += width) values.add(value);
  }
  return { values, any };
}

const numberOf = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : (NAMES[text.toLowerCase()] ?? Number.NaN);

interface Wall {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

/** What the clocks of a zone show at a time. */
function zoned(zone: string): ((time: number) => Wall) | undefined {
  if (zone === 'UTC' || zone === 'Etc/UTC')
    return (time) => {
      const date = new Date(time);
      return {
        minute: date.getUTCMinutes(),
        hour: date.getUTCHours(),
        day: date.getUTCDate(),
        month: date.getUTCMonth() + 1,
        weekday: date.getUTCDay(),
      };
    };
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      minute: 'numeric',
      hour: 'numeric',
      day: 'numeric',
      month: 'numeric',
      weekday: 'short',
    });
    return (time) => {
      const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
      return {
        minute: Number(parts.minute),
        hour: Number(parts.hour),
        day: Number(parts.day),
        month: Number(parts.month),
        weekday: NAMES[(parts.weekday ?? '').toLowerCase()] ?? 0,
      };
    };
  } catch {
    return undefined;
  }
}
