import assert from 'node:assert/strict';
import type { KubeObject } from '../../src/objects/json.ts';
import type { Plane } from './plane.ts';

/** An object to be made: as in a manifest. */
export interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}
/** `v1 ConfigMap shop/prices`, `v1 Namespace shop`: what people would say. */
export type Named = string;

export interface Seen {
  readonly type: string;
  readonly object: KubeObject;
}

const MERGE = 'application/merge-patch+json';

/** What tests do to the objects of a API server, as its administrator and with plain requests of their own. */
export class ApiObjects {
  readonly #plane: Plane;
  constructor(plane: Plane) {
    this.#plane = plane;
  }

  /** POSTs each; waits for a kind or namespace that is only just being made. Gives the last as it is then. */
  async make(...objects: readonly Made[]): Promise<KubeObject> {
    let last: KubeObject | undefined;
    for (const object of objects) last = await this.#post(object);
    assert.ok(last);
    return last;
  }
  async look(named: Named): Promise<KubeObject | undefined> {
    const answer = await this.#plane.ask('GET', pathOf(named));
    if (answer.status === 404) return undefined;
    assert.equal(answer.status, 200, `${named}: ${answer.body}`);
    return JSON.parse(answer.body) as KubeObject;
  }
  /** It must be there. */
  async see(named: Named): Promise<KubeObject> {
    const object = await this.look(named);
    assert.ok(object, `${named} is there`);
    return object;
  }
  /** `v1 Pod shop/`: all of a namespace; `v1 Pod`: all. */
  async all(kind: Named, query = ''): Promise<KubeObject[]> {
    const answer = await this.#plane.ask('GET', `${pathOf(kind)}?${query}`);
    assert.equal(answer.status, 200, `${kind}: ${answer.body}`);
    return (JSON.parse(answer.body) as { items: KubeObject[] }).items;
  }
  /** Names in `all`, sorted. */
  async names(kind: Named, query = ''): Promise<string[]> {
    return (await this.all(kind, query)).map(({ metadata }) => metadata.name ?? '').sort();
  }
  /** A merge patch, by the field manager that `kubectl edit` would use. `part`: a subresource. */
  async change(named: Named, patch: object, part = '', manager = 'kubectl-edit'): Promise<KubeObject> {
    const path = `${pathOf(named)}${part === '' ? '' : `/${part}`}?fieldManager=${manager}`;
    const answer = await this.#plane.ask('PATCH', path, patch, MERGE);
    assert.equal(answer.status, 200, `${named}: ${answer.body}`);
    return JSON.parse(answer.body) as KubeObject;
  }
  async remove(named: Named, propagationPolicy = 'Background'): Promise<void> {
    const answer = await this.#plane.ask('DELETE', `${pathOf(named)}?propagationPolicy=${propagationPolicy}`);
    assert.ok(answer.status < 300, `${named}: ${answer.body}`);
  }
  async until(what: string, holds: () => Promise<boolean>, seconds = 40): Promise<void> {
    const end = this.#plane.time.now() + seconds * 1000;
    for (;;) {
      if (await holds()) return;
      if (this.#plane.time.now() > end) assert.fail(`never happened: ${what}`);
      await this.#plane.time.sleep(100);
    }
  }
  async untilThere(named: Named): Promise<KubeObject> {
    await this.until(`${named} is there`, async () => (await this.look(named)) !== undefined);
    return await this.see(named);
  }
  /** Requests that change something, counted by the server; its own Leases and questions about rights are not among them. */
  async writes(which: 'all' | 'accepted' = 'all'): Promise<number> {
    return await this.#plane.writes(which);
  }

  async #post(object: Made): Promise<KubeObject> {
    const { namespace } = object.metadata;
    const path = pathOf(`${object.apiVersion} ${object.kind} ${namespace === undefined ? '' : `${namespace}/`}`);
    for (let tried = 0; ; tried++) {
      const answer = await this.#plane.ask('POST', path, object);
      if (answer.status < 300) return JSON.parse(answer.body) as KubeObject;
      const early =
        answer.status === 429 ||
        /could not find the requested resource|page not found|namespaces? .* not found|serviceaccount .* not found/.test(
          answer.body,
        );
      assert.ok(early && tried < 200, `${path}: ${answer.status} ${answer.body}`);
      await this.#plane.time.sleep(100);
    }
  }
}

export function pathOf(named: Named): string {
  const [apiVersion = '', kind = '', place] = named.trim().split(' ');
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  if (place === undefined) return `${root}/${pluralOf(kind)}`;
  const slash = place.indexOf('/');
  if (slash < 0) return `${root}/${pluralOf(kind)}/${place}`;
  const name = place.slice(slash + 1);
  return `${root}/namespaces/${place.slice(0, slash)}/${pluralOf(kind)}${name === '' ? '' : `/${name}`}`;
}
function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (lower.endsWith('s')) return `${lower}es`;
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
