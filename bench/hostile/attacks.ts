import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Random } from '../worlds/random.ts';
import type { Place } from './honest.ts';
import { wrongTypes } from './wrong-types.ts';

/** What a hostile server does with one request, instead of the honest answer. */
export interface Attack {
  readonly name: string;
  /** Places that it fits; absent: every one. */
  readonly at?: readonly Place[];
  /** It fills as much memory as it is let: such cases are played one at a time. */
  readonly heavy?: true;
  /** Only a capture is harmed by it. */
  readonly captureOnly?: true;
  readonly play: (
    answer: ServerResponse,
    honest: object,
    means: { readonly random: Random; readonly place: Place; readonly page: number },
  ) => void;
}

const LISTS: readonly Place[] = ['namespaces', 'configmaps'];
const bombOf = (megabytes: number): Buffer => gzipSync(Buffer.alloc(megabytes << 20, ' '));
let bomb: Buffer | undefined;
const item = (number: number): string =>
  JSON.stringify({ metadata: { name: `x-${number}`, namespace: 'team-a', uid: `u-${number}`, resourceVersion: '1' } });
const head = '{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[';

export const ATTACKS: readonly Attack[] = [
  { name: 'JSON cut off', play: (answer, honest, { random }) => say(answer, 200, cut(honest, random)) },
  {
    name: 'broken off in between',
    play: (answer, honest, { random }) => {
      const text = JSON.stringify(honest);
      answer.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) });
      answer.write(text.slice(0, random.below(text.length)), () => setTimeout(() => answer.destroy(), 5));
    },
  },
  {
    name: 'wrong types',
    play: (answer, honest, { random, place }) => say(answer, 200, JSON.stringify(wrongTypes(honest, place, random))),
  },
  {
    name: 'no object',
    play: (answer, _, { random }) =>
      say(answer, 200, random.pick(['null', '7', '"text"', '[]', '[{}]', 'true', '{}', '', ' ', '{"kind":7}'])),
  },
  {
    name: 'a page of HTML',
    play: (answer) => say(answer, 200, '<html><body>Please log in</body></html>', 'text/html'),
  },
  {
    name: 'rubbish',
    play: (answer, _, { random }) =>
      say(answer, 200, Buffer.from(Array.from({ length: 1 + random.below(4_000) }, () => random.below(256)))),
  },
  { name: 'bytes changed', at: ['access'], play: (answer) => say(answer, 200, '{"status":{"allowed":tru}}') },
  {
    name: 'nesting without end',
    play: (answer, _, { random }) => say(answer, 200, random.pick(['[', '{"a":', '{"items":[']).repeat(200_000)),
  },
  {
    name: 'a name of 10 MB',
    at: ['fingerprint', 'discovery', ...LISTS],
    heavy: true,
    play: (answer, honest) =>
      say(
        answer,
        200,
        JSON.stringify(honest).replace(/"(live-0|team-a|kube-system|configmaps)"/, `"${'n'.repeat(10 << 20)}"`),
      ),
  },
  {
    name: 'a name that never ends',
    heavy: true,
    play: (answer) =>
      void pour(answer, `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"name":"`, 'n'.repeat(1 << 16)),
  },
  {
    name: 'a list that never ends',
    at: LISTS,
    heavy: true,
    play: (answer) =>
      void pour(answer, `${head}${item(0)}`, Array.from({ length: 500 }, (_, at) => `,${item(at)}`).join('')),
  },
  {
    name: 'one item that never ends',
    at: LISTS,
    heavy: true,
    play: (answer) =>
      void pour(
        answer,
        `${head}{"metadata":{"name":"a","uid":"u","resourceVersion":"1"},"data":{"a":"`,
        'd'.repeat(1 << 16),
      ),
  },
  {
    name: 'pages that never end',
    at: LISTS,
    play: (answer, _, { page }) =>
      say(
        answer,
        200,
        `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"t${page}"},"items":[${Array.from({ length: 200 }, (_unused, at) => item(page * 200 + at)).join(',')}]}`,
      ),
  },
  {
    name: 'empty pages that never end',
    at: LISTS,
    play: (answer, _, { page }) =>
      say(
        answer,
        200,
        `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"t${page}"},"items":[]}`,
      ),
  },
  {
    name: 'the same page for ever',
    at: LISTS,
    play: (answer) =>
      say(
        answer,
        200,
        `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"again"},"items":[${item(1)}]}`,
      ),
  },
  {
    name: 'an item twice',
    at: LISTS,
    captureOnly: true,
    play: (answer) => say(answer, 200, `${head}${item(1)},${item(1)}]}`),
  },
  {
    name: 'items that are none',
    at: LISTS,
    play: (answer, _, { random }) =>
      say(
        answer,
        200,
        `${head}${random.pick(['7', 'null', '"x"', '[]', '{}', '{"metadata":{}}', '{"metadata":7}', '{"metadata":{"name":"a"}}', '{"metadata":{"name":"","uid":""}}'])}]}`,
      ),
  },
  {
    name: 'one byte at a time',
    play: (answer, honest) => {
      const text = JSON.stringify(honest);
      answer.writeHead(200, { 'content-type': 'application/json' });
      let at = 0;
      const timer = setInterval(() => (at < text.length ? answer.write(text[at++]) : answer.end()), 60);
      answer.on('close', () => clearInterval(timer));
    },
  },
  { name: 'silence', play: () => undefined },
  {
    name: 'silence after the head',
    play: (answer) => void answer.writeHead(200, { 'content-type': 'application/json' }).flushHeaders(),
  },
  { name: 'a connection that ends', play: (answer) => void answer.destroy() },
  { name: 'no HTTP', play: (answer) => void answer.socket?.end('SSH-2.0-OpenSSH_9.2\r\n\r\n') },
  {
    name: 'a head of 1 MB',
    play: (answer) => void answer.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'h'.repeat(1 << 20)}\r\n\r\n{}`),
  },
  {
    name: 'a lie about the length',
    play: (answer, honest) =>
      void answer.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n${JSON.stringify(honest)}`),
  },
  {
    name: 'packed without being asked, and a bomb',
    heavy: true,
    play: (answer) => {
      bomb ??= bombOf(256);
      answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
    },
  },
  { name: 'sent elsewhere', play: (answer) => void answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end() },
  {
    name: 'failures',
    play: (answer, _, { random }) =>
      say(
        answer,
        random.pick([400, 401, 403, 406, 500, 501, 502]),
        random.pick([
          '',
          'no',
          '{"kind":"Status","code":"x","message":7}',
          '{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no","code":403}',
        ]),
      ),
  },
  {
    name: 'come back in a year',
    play: (answer, _, { random }) => {
      answer.setHeader('retry-after', random.pick(['31536000', '-1', 'soon', '1e99']));
      say(answer, random.pick([429, 503]), '{"kind":"Status","code":429}');
    },
  },
];

function say(answer: ServerResponse, status: number, body: string | Buffer, type = 'application/json'): void {
  answer.writeHead(status, { 'content-type': type }).end(body);
}

/** Never whole: at least the last byte is missing. */
function cut(honest: object, random: Random): string {
  const text = JSON.stringify(honest);
  return text.slice(0, random.below(text.length));
}

/** The beginning, then the piece again and again, as fast as it is taken, until the other side has had enough. */
async function pour(answer: ServerResponse, beginning: string, piece: string): Promise<void> {
  answer.writeHead(200, { 'content-type': 'application/json' });
  const closed = new Promise<void>((resolve) => answer.once('close', resolve));
  answer.write(beginning);
  while (!answer.destroyed) {
    const goOn = answer.write(piece) ? new Promise((resolve) => setImmediate(resolve)) : drained(answer);
    await Promise.race([goOn, closed]);
  }
}

function drained(answer: ServerResponse): Promise<void> {
  return new Promise((resolve) => answer.once('drain', resolve));
}
