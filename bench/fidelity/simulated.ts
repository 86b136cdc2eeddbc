import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxRequest, StreamAnswer, WholeAnswer } from '../../src/sandbox/serving/exchange.ts';
import type { HttpAnswer, HttpRequest, Server, ServerUser, Stream } from './server.ts';

export interface SimulatedServer extends Server {
  readonly sandbox: Sandbox;
}

const START = Date.UTC(2026, 0, 1);
/** Controllers of the sandbox that stand for what the real control plane of the fixture lacks: kubelets and a scheduler. */
const NOT_THERE = ['kubelet', 'pod-readiness', 'pods', 'nodes', 'scheduler'];

/** A fresh sandbox that scripts are played at through `handle`, without a socket; its clock moves only when a script waits. */
export async function startSimulated(
  users: readonly ServerUser[],
  options: Pick<SandboxOptions, 'controllers' | 'log'> = {},
): Promise<SimulatedServer> {
  const tokens = Object.fromEntries(
    users.map(({ name, groups }) => [
      `token-of-${name}`,
      // A token file says "no groups" by one without a name.
      { name, uid: name, groups: [...(groups.length === 0 ? [''] : groups), 'system:authenticated'] },
    ]),
  );
  const sandbox = await startSandbox({ clock: { start: START }, seed: 1, tokens, ...options });
  const handle = (request: HttpRequest, user = ''): Promise<WholeAnswer | StreamAnswer> =>
    sandbox.handle(asked(request, tokenOf(user, sandbox.token)));
  return {
    sandbox,
    async request(request, user) {
      const answer = await handle(request, user);
      if (!('start' in answer)) return request.method === 'HEAD' ? { ...whole(answer), body: '' } : whole(answer);
      // A watch where none was expected: whatever it says at once.
      const stream = listen(answer);
      await stream.more(200);
      stream.close();
      const lines: string[] = [];
      for (let line = stream.take(); line !== undefined; line = stream.take()) lines.push(line);
      return { status: answer.status, headers: answer.headers, body: lines.join('\n') };
    },
    async stream(request, user) {
      const answer = await handle(request, user);
      return 'start' in answer ? listen(answer) : whole(answer);
    },
    settle: () => sandbox.settle(),
    pass: (milliseconds) => sandbox.advance(milliseconds),
    now: () => sandbox.clock.now(),
    close: () => sandbox.close(),
  };
}

export { NOT_THERE };

function tokenOf(user: string, administrator: string): string | undefined {
  return user === '' ? administrator : user === 'nobody' ? undefined : `token-of-${user}`;
}

function asked({ method, path, headers, body }: HttpRequest, token: string | undefined): SandboxRequest {
  return {
    method,
    path,
    headers: {
      'user-agent': 'fidelity',
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined || body === '' ? {} : { body: Buffer.from(body) }),
  };
}

const whole = ({ status, headers, body }: WholeAnswer): HttpAnswer => ({
  status,
  headers,
  body: body.toString('utf8'),
});

function listen({ status, headers, start }: StreamAnswer): Stream {
  const lines: string[] = [];
  let ended = false;
  let closed = false;
  let rest = '';
  let wake: () => void = () => undefined;
  const stop = start({
    get open() {
      return !closed;
    },
    write(chunk) {
      const parts = (rest + chunk.toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.filter((line) => line !== ''));
      wake();
    },
    end() {
      ended = true;
      wake();
    },
  });
  return {
    status,
    headers,
    take: () => lines.shift(),
    get ended() {
      return ended && lines.length === 0;
    },
    more: (milliseconds) =>
      new Promise((resolve) => {
        if (lines.length > 0 || ended) return resolve();
        const timer = setTimeout(resolve, milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    close() {
      closed = true;
      stop();
    },
  };
}
