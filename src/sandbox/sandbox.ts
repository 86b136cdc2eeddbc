import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/port.ts';
import type { KubeObject } from '../objects/json.ts';
import type { User } from './access/user.ts';
import type { WebhookCaller } from './admission/webhooks/caller.ts';
import type { ObjectApi } from './api/api.ts';
import { objectApi } from './api/object-api.ts';
import { type Clock, steppedClock } from './clock.ts';
import { ControllerRunner } from './controller-runner.ts';
import type { ControllerMaker } from './controllers/controller.ts';
import { corridors } from './corridors.ts';
import { putFingerprint, putFirstObjects, putLiving, putServiceRanges } from './first-objects.ts';
import { keepHistory } from './history.ts';
import { InProcessCluster } from './in-process-cluster.ts';
import { defaultKnobs, type Knobs, Mischief } from './knobs.ts';
import { kubeconfigText } from './kubeconfig-text.ts';
import { startPump } from './pump.ts';
import { seededRandom } from './seeded-random.ts';
import { makeServer } from './server.ts';
import { selfSigned } from './serving/certificate.ts';
import type { SandboxAnswer, SandboxRequest } from './serving/exchange.ts';
import { handle as handleRequest } from './serving/handle.ts';
import { type HttpServer, serveHttp } from './serving/http-server.ts';
import type { StoreChange } from './storage/store.ts';

export interface SandboxOptions {
  /** Default: stands at a fixed time until it is moved. */
  readonly clock?: 'real' | { readonly start: number };
  readonly seed?: number;
  /** Default: what kube-controller-manager runs, as far as it has a model. */
  readonly controllers?: readonly ControllerMaker[];
  /** Also one node on which Pods become ready; default: none, Pods stay Pending. */
  readonly nodes?: boolean;
  /** Whether controllers tell what they do as Events; default: they do. */
  readonly events?: boolean;
  /** Default: rbac. */
  readonly authorization?: 'rbac' | 'always-allow';
  /** Users by their bearer tokens, beside the administrator. */
  readonly tokens?: Readonly<Record<string, User>>;
  /**
   * What it holds at the beginning, as it stood in another cluster (uids, times, managed fields), in place of what a fresh
   * server holds; definitions before their objects.
   */
  readonly objects?: Iterable<KubeObject>;
  /** Told of each object whose kind this server does not serve; it is not there then. */
  onUnserved?(object: KubeObject): void;
  /** UID of kube-system, by which clusters know each other; default: a new one. */
  readonly fingerprint?: string;
  /** Of the addresses of Services; default: 10.0.0.0/24. */
  readonly serviceRanges?: readonly string[];
  /** Who is asked in place of admission and conversion webhooks; default: those that they name, over HTTPS. */
  readonly webhooks?: WebhookCaller;
  /** Default: nobody listens. */
  log?(line: string): void;
}

export interface Listening {
  readonly url: string;
  /** Of the administrator. */
  readonly token: string;
  /** Writes a kubeconfig for the administrator, or for another token. */
  kubeconfig(path: string, token?: string): Promise<void>;
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly port?: number;
  /** Over HTTPS, with a new certificate that the kubeconfig trusts; default: plain HTTP. */
  readonly tls?: boolean;
  /**
   * Who a request without credentials comes from. Default: over HTTPS nobody; else the administrator, because kubectl and
   * everything else that is made of client-go sends no token over plain HTTP.
   */
  readonly unauthenticated?: 'administrator' | 'anonymous';
}

/** A cluster in a process. */
export interface Sandbox {
  readonly api: ObjectApi;
  readonly clock: Clock;
  readonly knobs: Knobs;
  /** Bearer token of the administrator. */
  readonly token: string;
  readonly controllers: ControllerRunner;
  /** The `cluster` port without a socket; default user: the administrator. */
  cluster(options?: { readonly token?: string; readonly name?: string }): Cluster;
  listen(options?: ListenOptions): Promise<Listening>;
  /** One request without a socket. */
  handle(request: SandboxRequest): Promise<SandboxAnswer>;
  /** Steps controllers until none has work; with `until` (ms) also moves the clock to what is due by then, and to it. */
  settle(options?: { readonly until?: number }): Promise<void>;
  /** Moves the clock and lets controllers do what has become due. */
  advance(milliseconds: number): Promise<void>;
  /** Tells every change of the store, and the name of the controller whose work it is, if it is one's; gives the unsubscribe. */
  tap(listener: (change: StoreChange, by: string | undefined) => void): () => void;
  /** Forgets every revision but the newest. */
  compact(): void;
  close(): Promise<void>;
}

/** What the certificate of a listening sandbox is good for. */
const CERTIFIED = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', '127.0.0.1'];
const DEFAULT_START = Date.UTC(2026, 0, 1);

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const real = options.clock === 'real';
  const stepped = steppedClock(typeof options.clock === 'object' ? options.clock.start : DEFAULT_START);
  const clock: Clock = real ? { now: Date.now } : stepped;
  const random = seededRandom(options.seed ?? randomBytes(4).readUInt32LE());
  const token = randomBytes(16).toString('hex');
  const log = options.log ?? (() => undefined);
  const administrator: User = { name: 'admin', uid: 'admin', groups: ['system:masters'] };
  const parts = makeServer({
    clock,
    random,
    authorization: options.authorization ?? 'rbac',
    tokens: new Map([[token, administrator], ...Object.entries(options.tokens ?? {})]),
    log,
    ...corridors,
    ...(options.webhooks === undefined ? {} : { webhooks: options.webhooks }),
    ...(real ? { pause: (milliseconds: number) => sleep(milliseconds) } : {}),
  });
  const { api: server } = parts;
  if (options.objects === undefined) putFirstObjects(server);
  else putLiving(server, options.objects, options.onUnserved ?? (() => undefined));
  if (options.serviceRanges !== undefined) putServiceRanges(server, options.serviceRanges);
  if (options.fingerprint !== undefined) putFingerprint(server, options.fingerprint);
  // What was before the first request nobody can ask for.
  server.store.compact(server.store.revision);
  const api = objectApi(server);
  const knobs = defaultKnobs();
  const mischief = new Mischief(knobs);
  const forget = keepHistory(server.store, clock, knobs);
  const handle = (request: SandboxRequest): Promise<SandboxAnswer> =>
    mischief.through(request, (asked) => handleRequest(parts, asked));
  const runner = new ControllerRunner({ store: server.store, api, clock, random, log, events: options.events ?? true });
  const own = new ControllerRunner({ store: server.store, api, clock, random, log });
  for (const maker of corridors.ownControllers) own.start(maker);
  for (const maker of options.controllers ?? corridors.controllers(parts.access)) runner.start(maker);
  if (options.nodes === true) for (const maker of corridors.nodeControllers) runner.start(maker);
  const rest = async (): Promise<void> => {
    await own.settle();
    await runner.settle();
    await own.settle();
  };
  const settle = async (how: { readonly until?: number } = {}): Promise<void> => {
    await rest();
    if (how.until === undefined || real) return;
    const dueAt = (): number => Math.min(own.dueAt() ?? Infinity, runner.dueAt() ?? Infinity);
    for (let due = dueAt(); due <= how.until; due = dueAt()) {
      stepped.advance(Math.max(0, due - clock.now()));
      await rest();
      // A controller whose time has come and that has nothing to do would hold the clock for ever.
      if (dueAt() === due) break;
    }
    if (how.until > clock.now()) stepped.advance(how.until - clock.now());
  };
  const listening = new Set<HttpServer>();
  // The server's own work is done at once whatever the clock: nobody steps a real one either.
  const pumps = [
    startPump(own, server.store, clock, log),
    ...(real ? [startPump(runner, server.store, clock, log)] : []),
  ];
  await settle();
  return {
    api,
    clock,
    knobs,
    token,
    controllers: runner,
    cluster: (how = {}) => new InProcessCluster(handle, how.token ?? token, how.name ?? 'sandbox'),
    async listen(how = {}) {
      const { port, tls = false, unauthenticated = tls ? 'anonymous' : 'administrator' } = how;
      const certificate = tls ? selfSigned(CERTIFIED, Date.now()) : undefined;
      const authorization = `Bearer ${token}`;
      const serve = (request: SandboxRequest): Promise<SandboxAnswer> => {
        if (unauthenticated === 'administrator' && request.headers.authorization === undefined)
          (request.headers as Record<string, string>).authorization = authorization;
        return handle(request);
      };
      const made = await serveHttp(serve, {
        ...(port === undefined ? {} : { port }),
        ...(certificate === undefined ? {} : { certificate }),
        damage: (request) => mischief.damage(request),
      });
      listening.add(made);
      return {
        url: made.url,
        token,
        kubeconfig: (path, as = token) =>
          writeFile(path, kubeconfigText(made.url, as, { ca: certificate?.certificate }), { mode: 0o600 }),
        close: async () => {
          listening.delete(made);
          await made.close();
        },
      };
    },
    handle,
    settle,
    advance: async (milliseconds) => await settle({ until: clock.now() + milliseconds }),
    tap: (listener) => server.store.subscribe((change) => listener(change, runner.acting ?? own.acting)),
    compact: () => server.store.compact(server.store.revision),
    async close() {
      for (const stop of pumps) stop();
      forget();
      own.close();
      runner.close();
      await Promise.all([...listening].map((one) => one.close()));
    },
  };
}
