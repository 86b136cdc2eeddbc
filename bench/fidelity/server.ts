import type { Json } from '../../src/objects/json.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}
/** A watch that was accepted: lines as they come, until it ends. */
export interface Stream {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  /** The lines that came and were not taken yet. */
  take(): string | undefined;
  readonly ended: boolean;
  /** Resolves when a line came, the stream ended, or the milliseconds passed. */
  more(milliseconds: number): Promise<void>;
  close(): void;
}
export interface ServerUser {
  readonly name: string;
  readonly groups: readonly string[];
}

/** One server that scripts are played at: the real control plane, or a sandbox. */
export interface Server {
  request(request: HttpRequest, user?: string): Promise<HttpAnswer>;
  stream(request: HttpRequest, user?: string): Promise<Stream | HttpAnswer>;
  /** Lets controllers do what they have to do now. On the real server that takes time. */
  settle(): Promise<void>;
  /** Lets time go by, at most the milliseconds. */
  pass(milliseconds: number): Promise<void>;
  /** Milliseconds of the time that `pass` moves. */
  now(): number;
  close(): Promise<void>;
}

export const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** The headers that are compared; others tell of the connection. */
const HEADERS = ['content-type', 'warning', 'retry-after', 'location', 'allow'];

/** The headers of an answer that are compared, those that came twice as one. */
export function headersOf(answer: Pick<HttpAnswer, 'headers'>): Json {
  const kept = HEADERS.flatMap((name): [string, Json][] => {
    const value = answer.headers[name];
    return value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]];
  });
  return Object.fromEntries(kept);
}
