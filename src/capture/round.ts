import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster, Discovery } from '../cluster/port.ts';
import { compareText, type ResourceName, resourceName } from '../objects/key.ts';
import type { PointWriter, ResourceRecord, SkipRecord } from '../vault/vault.ts';
import { type ApiServiceFacts, apiServiceFacts, type CrdFacts, crdFacts } from './api-facts.ts';
import { type Choice, choose, type ListTarget, type SkipTarget, unknownTo } from './choice.ts';
import { captureFault } from './codes.ts';
import { inParallel } from './in-parallel.ts';
import { type Listed, type ListWork, listResource } from './list-resource.ts';
import { SAME_OBJECT } from './skips.ts';
import type { UidSet } from './uid-set.ts';

export interface RoundOptions {
  readonly cluster: Cluster;
  /** Begins the point; called once, when the first list is answered. */
  readonly begin: () => Promise<PointWriter>;
  readonly limit: number;
  readonly parallel: number;
  readonly lastRound: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onObject: (bytes: number) => void;
  /** How many resources there are to list, those that are done included. */
  readonly onChosen: (resources: number) => void;
  readonly onResource: (resource: ResourceName, done: number) => void;
}
export type RoundOutcome =
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'read';
      readonly revision: string;
      readonly resources: readonly ResourceRecord[];
      readonly skipped: readonly SkipRecord[];
      readonly dead: Choice['dead'];
    };

class Expired extends Error {}

/** Reads the whole cluster at one revision. */
export async function readRound(options: RoundOptions): Promise<RoundOutcome> {
  const stop = new AbortController();
  try {
    return await new Round(options, stop).read();
  } catch (error) {
    if (error instanceof Expired) return { kind: 'expired' };
    throw error;
  }
}

class Round {
  readonly #options: RoundOptions;
  readonly #stop: AbortController;
  readonly #signal: AbortSignal;
  readonly #records: ResourceRecord[] = [];
  readonly #skipped: SkipRecord[] = [];
  #writer: Promise<PointWriter> | PointWriter | undefined;
  #revision: string | undefined;
  #done = 0;

  constructor(options: RoundOptions, stop: AbortController) {
    this.#options = options;
    this.#stop = stop;
    this.#signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  }

  async read(): Promise<RoundOutcome> {
    const { cluster, parallel } = this.#options;
    const first = await cluster.discovery();
    const revision = await this.#readNamespaces(first);
    const crdOf = new Map<string, CrdFacts>();
    const services: ApiServiceFacts[] = [];
    const onCrd = (bytes: Uint8Array): void => {
      const crd = crdFacts(bytes);
      crdOf.set(resourceName(crd.group, crd.resource), crd);
    };
    await this.#together([
      () => this.#readEarly(first, 'apiextensions.k8s.io', 'customresourcedefinitions', onCrd),
      () =>
        this.#readEarly(first, 'apiregistration.k8s.io', 'apiservices', (bytes) =>
          services.push(apiServiceFacts(bytes)),
        ),
    ]);
    const crds = [...crdOf.values()];
    const discovery = await this.#discoverAll(first, crds);
    const choice = choose(discovery, crds, services);
    this.#records.push(...choice.unserved);
    const read = new Set(this.#records.map(({ resource }) => resource));
    this.#options.onChosen(choice.lists.flat().length);
    await this.#together(
      [
        ...choice.lists.map((targets) => () => this.#readPlural(targets.filter(({ name }) => !read.has(name)))),
        ...choice.skips.map((skip) => () => this.#countSkip(skip)),
      ],
      parallel,
    );
    return {
      kind: 'read',
      revision,
      resources: this.#records.sort((a, b) => compareText(a.resource, b.resource)),
      skipped: this.#skipped.sort((a, b) => compareText(a.resource, b.resource)),
      dead: choice.dead,
    };
  }

  /** A CRD made between the discovery and the revision of the point is served soon after; without this its objects would be left out. */
  async #discoverAll(first: Discovery, crds: readonly CrdFacts[]): Promise<Discovery> {
    let discovery = first;
    for (let tries = 0; tries < 5 && unknownTo(discovery, crds).length > 0; tries++) {
      if (tries > 0) await pause(1000, undefined, { signal: this.#signal });
      discovery = await this.#options.cluster.discovery();
    }
    return discovery;
  }
  /** The first list: it gives the revision of the point. */
  async #readNamespaces(discovery: Discovery): Promise<string> {
    const target = earlyTarget(discovery, '', 'namespaces');
    if (target === undefined) throw refusedNamespaces('discovery does not name them');
    const listed = await this.#list(target);
    await this.#begun();
    const { missing } = listed.record;
    if (missing !== undefined && listed.revision === '') throw refusedNamespaces(missing.sentence);
    if (listed.revision === '')
      throw captureFault('NO-REVISION', 'the server answered the list of namespaces without a revision', {
        hint: 'This is no Kubernetes API server, or a proxy took the revision out.',
      });
    this.#revision = listed.revision;
    return listed.revision;
  }
  async #readEarly(
    discovery: Discovery,
    group: string,
    resource: string,
    onObject: (bytes: Uint8Array) => void,
  ): Promise<void> {
    const target = earlyTarget(discovery, group, resource);
    if (target !== undefined) await this.#list(target, { onObject });
  }
  /** The groups of one plural, one after another, so that an object which stands in two is kept by the first. */
  async #readPlural(targets: readonly ListTarget[]): Promise<void> {
    const earlier: UidSet[] = [];
    for (const target of targets) {
      const { sameObjects, uids } = await this.#list(target, { earlier });
      earlier.push(uids);
      if (sameObjects > 0) this.#skipped.push({ resource: target.name, rule: SAME_OBJECT, count: sameObjects });
    }
  }
  async #list(
    target: ListTarget,
    more: Pick<ListWork, 'earlier' | 'onObject'> = {},
  ): Promise<Extract<Listed, { kind: 'listed' }>> {
    const { cluster, limit, lastRound, onObject, onResource } = this.#options;
    const listed = await listResource(target, {
      cluster,
      writer: () => this.#begun(),
      revision: this.#revision,
      limit,
      lastRound,
      signal: this.#signal,
      ...(more.earlier === undefined ? {} : { earlier: more.earlier }),
      onObject: (bytes) => {
        more.onObject?.(bytes);
        onObject(bytes.length);
      },
    });
    if (listed.kind === 'expired') throw new Expired();
    this.#records.push(listed.record);
    onResource(target.name, ++this.#done);
    return listed;
  }
  async #countSkip({ target, rule }: SkipTarget): Promise<void> {
    const { group, version, resource, name } = target;
    const options = { limit: 1, firstPageOnly: true, signal: this.#signal };
    let count: SkipRecord['count'] = 'not counted';
    if (rule.counted) {
      try {
        let given = 0;
        const onItem = (): void => {
          if (++given > 1) throw new Error('the limit was not kept: counting would mean reading everything');
        };
        const outcome = await this.#options.cluster.list({ group, version, resource }, onItem, options);
        if (outcome.kind === 'complete') count = outcome.end.announced ?? 'not counted';
      } catch (error) {
        if (this.#signal.aborted) throw error;
      }
    }
    this.#skipped.push({ resource: name, rule: rule.code, count });
  }
  #begun(): Promise<PointWriter> | PointWriter {
    this.#writer ??= this.#options.begin().then((writer) => {
      this.#writer = writer;
      return writer;
    });
    return this.#writer;
  }
  #together(jobs: readonly (() => Promise<void>)[], width = jobs.length): Promise<void> {
    return inParallel(jobs, width, () => this.#stop.abort());
  }
}

/** A resource of the API server itself, before it is known which groups are not: in the preferred version. */
function earlyTarget(discovery: Discovery, group: string, resource: string): ListTarget | undefined {
  const wanted = resourceName(group, resource);
  return choose(discovery, [], [])
    .lists.flat()
    .find(({ name }) => name === wanted);
}

function refusedNamespaces(why: string) {
  return captureFault('NAMESPACES-REFUSED', `the namespaces could not be listed, so no point was taken: ${why}`, {
    hint: 'Give the identity get, list and watch on all resources (kubectl auth can-i list namespaces).',
  });
}
