import { isJsonObject, type Json, type JsonObject } from '../../src/objects/json.ts';
import { at } from './pointer.ts';
import type { EventsStep, Grant, RequestStep, Script, Step, WaitStep, WatchStep } from './script.ts';
import { type HttpRequest, headersOf, parsed, type Server, type Stream } from './server.ts';
import type { Said, Transcript } from './transcript.ts';
import { idOf, userName, Variables } from './variables.ts';

const WAIT_S = 20;
const EVENTS_S = 5;
const READ_MS = 200;
const READY_S = 10;
/** What controllers of the real server need before they are seen to do nothing more. */
const AFTERWARDS_MS = 500;

/** Plays a script from its first step to its state. Never throws for what a server says. */
export async function play(script: Script, server: Server, how: PlayOptions = {}): Promise<Transcript> {
  const player = new Player(script, server, how);
  return await player.play();
}

export interface PlayOptions {
  /** Default: the one that the name of the script has. */
  readonly id?: string;
  /** No controller acts on what the script makes, so nothing is waited for before the state is read. */
  readonly calm?: boolean;
}

class Player {
  readonly #script: Script;
  readonly #server: Server;
  readonly #variables: Variables;
  readonly #streams = new Map<string, Stream>();
  readonly #calm: boolean;

  constructor(script: Script, server: Server, { id = idOf(script.name), calm = false }: PlayOptions) {
    this.#script = script;
    this.#server = server;
    this.#calm = calm;
    this.#variables = new Variables(id, Object.keys(script.users ?? {}));
  }

  async play(): Promise<Transcript> {
    await this.#prepare();
    const said: Said[] = [];
    for (const step of this.#script.steps) {
      try {
        said.push(await this.#step(step));
      } catch (error) {
        said.push({ kind: 'broken', why: error instanceof Error ? error.message : String(error) });
      }
    }
    await this.#server.settle();
    if ((this.#script.state ?? []).length > 0 && !this.#calm) await this.#server.pass(AFTERWARDS_MS);
    await this.#server.settle();
    const state: Record<string, Json> = {};
    for (const path of this.#script.state ?? []) state[path] = await this.#quiet(this.#variables.text(path));
    for (const stream of this.#streams.values()) stream.close();
    return { said, state };
  }

  /** The namespace of the script, complete with what controllers put into it, and what its users may do. */
  async #prepare(): Promise<void> {
    const { id } = this.#variables;
    await this.#must('POST', '/api/v1/namespaces', { metadata: { name: id } });
    const there = { '/metadata/name': 'default' };
    await this.#wait({ wait: `/api/v1/namespaces/${id}/serviceaccounts/default`, until: there, seconds: READY_S });
    const certificate = { '/metadata/name': 'kube-root-ca.crt' };
    await this.#wait({
      wait: `/api/v1/namespaces/${id}/configmaps/kube-root-ca.crt`,
      until: certificate,
      seconds: READY_S,
    });
    for (const [user, grant] of Object.entries(this.#script.users ?? {})) await this.#grant(user, grant);
  }

  async #grant(user: string, { rules, clusterRules }: Grant): Promise<void> {
    const { id } = this.#variables;
    const name = userName(id, user);
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }];
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const give = async (where: string, role: string, granted: Json): Promise<void> => {
      const metadata = { name, labels: { fidelity: 'granted' } };
      await this.#must('POST', `${rbac}${where}/${role.toLowerCase()}s`, {
        metadata,
        rules: this.#variables.in(granted),
      });
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: role, name };
      await this.#must('POST', `${rbac}${where}/${role.toLowerCase()}bindings`, { metadata, roleRef, subjects });
    };
    if (rules !== undefined) await give(`/namespaces/${id}`, 'Role', rules as Json);
    if (clusterRules !== undefined) await give('', 'ClusterRole', clusterRules as Json);
    const [rule] = rules ?? clusterRules ?? [];
    if (rule === undefined) return;
    // The authorizer of the real server learns of a grant from its watches, a moment later.
    const resourceAttributes = {
      ...(rules === undefined ? {} : { namespace: id }),
      group: this.#variables.text(rule.apiGroups?.[0] ?? ''),
      resource: rule.resources?.[0]?.split('/')[0] ?? '',
      verb: rule.verbs[0] ?? '',
      ...(rule.resourceNames?.[0] === undefined ? {} : { name: this.#variables.text(rule.resourceNames[0]) }),
    };
    const spec = { user: name, groups: [], resourceAttributes };
    if (rule.resources === undefined || rule.resources[0]?.includes('/')) return await this.#server.pass(200);
    for (let tried = 0; tried < 50; tried++) {
      const answer = await this.#must('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec });
      if (at(answer, '/status/allowed') === true) return;
      await this.#server.pass(20);
    }
  }

  async #step(step: Step): Promise<Said> {
    if ('request' in step) return await this.#request(step);
    if ('wait' in step) return await this.#wait(step);
    if ('watch' in step) return await this.#watch(step);
    if ('events' in step) return await this.#events(step);
    await this.#server.settle();
    await this.#server.pass(step.settle * 1000);
    await this.#server.settle();
    return { kind: 'settled' };
  }

  async #request(step: RequestStep): Promise<Said> {
    const [method = '', written = ''] = step.request.split(' ', 2);
    const body = step.text !== undefined ? this.#variables.text(step.text) : this.#json(step.body);
    const type = step.type ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
    const request: HttpRequest = {
      method,
      path: this.#path(written, step.query),
      headers: { ...(body === undefined ? {} : { 'content-type': type }), ...this.#headers(step.headers) },
      ...(body === undefined ? {} : { body }),
    };
    const answer = await this.#server.request(request, this.#user(step.as));
    const content = parsed(answer.body);
    this.#save(step.save, content);
    return { kind: 'answer', status: answer.status, headers: headersOf(answer), body: content };
  }

  async #wait(step: WaitStep): Promise<Said> {
    const path = this.#variables.text(step.wait);
    const limit = this.#server.now() + (step.seconds ?? WAIT_S) * 1000;
    for (;;) {
      await this.#server.settle();
      const answer = await this.#server.request({ method: 'GET', path, headers: {} }, this.#user(step.as));
      const content = parsed(answer.body);
      const met =
        (step.status === undefined || step.status === answer.status) &&
        Object.entries(step.until ?? {}).every(([pointer, value]) => this.#holds(content, pointer, value));
      if (met) {
        this.#save(step.save, content);
        return { kind: 'wait', satisfied: true };
      }
      if (this.#server.now() >= limit) return { kind: 'wait', satisfied: false, last: content };
      await this.#server.pass(READ_MS);
    }
  }

  #holds(content: Json, pointer: string, value: Json): boolean {
    const wanted = this.#variables.in(value);
    return JSON.stringify(at(content, this.#variables.text(pointer)) ?? null) === JSON.stringify(wanted);
  }

  async #watch(step: WatchStep): Promise<Said> {
    const path = this.#path(step.watch, {});
    const stream = await this.#server.stream(
      { method: 'GET', path, headers: this.#headers(step.headers) },
      this.#user(step.as),
    );
    if ('body' in stream)
      return { kind: 'watch', status: stream.status, headers: headersOf(stream), body: parsed(stream.body) };
    this.#streams.set(step.name, stream);
    return { kind: 'watch', status: stream.status, headers: headersOf(stream), body: null };
  }

  async #events(step: EventsStep): Promise<Said> {
    const stream = this.#streams.get(step.events);
    if (stream === undefined) return { kind: 'events', events: [], ended: true };
    const events: Json[] = [];
    const limit = performance.now() + (step.seconds ?? EVENTS_S) * 1000;
    await this.#server.settle();
    for (;;) {
      while (events.length !== step.count) {
        const line = stream.take();
        if (line === undefined) break;
        events.push(parsed(line));
      }
      if (events.length === step.count || stream.ended || performance.now() >= limit) break;
      await stream.more(READ_MS);
      await this.#server.settle();
    }
    this.#save(step.save, events);
    return { kind: 'events', events, ended: stream.ended };
  }

  /** A list once it does not change any more: what controllers of the real server do takes its time. */
  async #quiet(path: string): Promise<Json> {
    let before = '';
    for (let tried = 0; ; tried++) {
      const { status, body } = await this.#server.request({ method: 'GET', path, headers: {} }, '');
      const content = parsed(body);
      const items = isJsonObject(content) ? (content.items ?? null) : null;
      const now = JSON.stringify(items);
      if (now === before || this.#calm || tried === 20) return { status, items: items ?? content };
      before = now;
      await this.#server.pass(READ_MS);
      await this.#server.settle();
    }
  }

  #path(written: string, query: RequestStep['query']): string {
    const path = this.#variables.text(written);
    const more = Object.entries(query ?? {}).map(
      ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(this.#variables.text(value))}`,
    );
    return more.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${more.join('&')}`;
  }

  #headers(headers: RequestStep['headers']): Record<string, string> {
    const filled = Object.entries(headers ?? {}).map(([key, value]) => [
      key.toLowerCase(),
      this.#variables.text(value),
    ]);
    return Object.fromEntries(filled) as Record<string, string>;
  }

  #json(body: Json | undefined): string | undefined {
    return body === undefined ? undefined : JSON.stringify(this.#variables.in(body));
  }

  #user(as: string | undefined): string {
    return as === undefined ? '' : as === 'nobody' ? as : userName(this.#variables.id, as);
  }

  #save(save: RequestStep['save'], content: Json): void {
    for (const [name, pointer] of Object.entries(save ?? {})) {
      const value = at(content, pointer);
      if (value !== undefined) this.#variables.set(name, value);
    }
  }

  async #must(method: string, path: string, body: JsonObject): Promise<Json> {
    const headers = { 'content-type': 'application/json' };
    const answer = await this.#server.request({ method, path, headers, body: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 500)}`);
    return parsed(answer.body);
  }
}
