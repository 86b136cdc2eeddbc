/**
 * Watchers on sockets of their own that look for one mark in what they are sent, and one in fifty that counts every event. The changes
 * are made by another process, so that neither is held up by the other.
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { jobOf, report } from './job.ts';
import { answerOf } from './run-script.ts';

export interface WatchJob {
  readonly url: string;
  readonly ca?: string;
  readonly token: string;
  readonly namespace: string;
  readonly watchers: number;
  readonly changes: number;
}
export interface Watched {
  /** From the first change to when the last watcher had the last one. */
  readonly seconds: number;
  readonly bytes: number;
  /** Events that each of the watchers that count has had. */
  readonly counted: readonly number[];
  readonly complete: number;
  /** Watchers whose stream the server ended before its end: it lets go those who fall behind. */
  readonly lost: number;
}
export interface Changed {
  /** Milliseconds since the epoch. */
  readonly began: number;
  readonly ended: number;
}

export const MARK = 'the-last-of-all-changes';
const COUNTS = 50;
const AT_ONCE = 50;
const LIMIT_MS = 600_000;
const NEWLINE = 10;
const BRACE = 125;

const job = jobOf<WatchJob>();
const { hostname, port, protocol } = new URL(job.url);
const mark = Buffer.from(MARK);
let bytes = 0;
let complete = 0;
let lost = 0;
/** How a stream ends whose connection stays. */
const LAST = Buffer.from('\r\n0\r\n\r\n');
const counters: { events: number }[] = [];
let finished: () => void = () => undefined;
const all = new Promise<void>((resolve) => {
  finished = resolve;
});

for (let made = 0; made < job.watchers; made += AT_ONCE)
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, job.watchers - made) }, (_, at) => open(made + at)));
const limit = setTimeout(finished, LIMIT_MS);
const changing = answerOf<Changed>('change-child', job);
await all;
const ended = Date.now();
clearTimeout(limit);
const { began } = await changing;
const counted = counters.map(({ events }) => events);
report({ seconds: (ended - began) / 1000, bytes, counted, complete, lost } satisfies Watched);
process.exit(0);

/** Resolves once the server has begun to answer. */
function open(number: number): Promise<void> {
  const options = { host: hostname, port: Number(port) };
  const socket: Socket = protocol === 'https:' ? connectTls({ ...options, ca: job.ca }) : connect(options);
  const counter = number % COUNTS === 0 ? { events: 0 } : undefined;
  if (counter !== undefined) counters.push(counter);
  const path = `/api/v1/namespaces/${job.namespace}/configmaps?watch=true&labelSelector=bench%3Dwatched&timeoutSeconds=3600`;
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${job.token}\r\naccept: application/json\r\n\r\n`,
  );
  let tail = Buffer.alloc(0);
  let done = false;
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.on('data', (chunk: Buffer) => {
      if (bytes === 0 || tail.length === 0) resolve();
      bytes += chunk.length;
      if (counter !== undefined) counter.events += eventsIn(chunk, tail);
      if (!done) {
        done = chunk.includes(mark) || Buffer.concat([tail, chunk.subarray(0, mark.length)]).includes(mark);
        if (done) complete++;
        else if (chunk.subarray(-LAST.length).equals(LAST)) {
          done = true;
          lost++;
        }
        if (complete + lost === job.watchers) finished();
      }
      tail = Buffer.from(chunk.subarray(-mark.length));
    });
  });
}

/** An event ends with a brace and a newline; those of the chunks' framing come after a return. */
function eventsIn(chunk: Buffer, tail: Buffer): number {
  let events = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1))
    if ((at === 0 ? tail.at(-1) : chunk[at - 1]) === BRACE) events++;
  return events;
}
