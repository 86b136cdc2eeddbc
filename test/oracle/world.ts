import type { KubeObject } from '../../src/objects/json.ts';
import type { KeyText, ResourceName, Uid } from '../../src/objects/key.ts';
import type { Plan, Policy } from '../../src/plan/plan.ts';

/** A kind as an API server serves it. `versions`: preferred first. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly versions: readonly string[];
  readonly hasStatus: boolean;
  readonly categories: readonly string[];
}

/** An object of the lost cluster, as its point holds it. `row` is its place in the point; `text` its bytes. */
export interface Captured {
  readonly row: number;
  readonly key: KeyText;
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: Uid;
  readonly digest: string;
  readonly text: string;
  readonly body: KubeObject;
}

/** An object that stands in the target before the recovery. `agrees`: its content is what the plan would write. */
export interface Living {
  readonly key: KeyText;
  readonly resource: ResourceName;
  readonly body: KubeObject;
  readonly terminating: boolean;
  readonly agrees: boolean;
}

/** All that the oracle knows when it judges a plan. */
export interface World {
  readonly seed: number;
  readonly point: Plan['point'];
  readonly policy: Policy;
  /** The kinds of the lost cluster, those of its CustomResourceDefinitions among them. */
  readonly kinds: readonly Kind[];
  readonly objects: readonly Captured[];
  readonly target: {
    readonly mode: string;
    readonly kinds: readonly Kind[];
    readonly living: readonly Living[];
    /** Objects with a field that the target's schema would drop. */
    readonly dropping: ReadonlySet<KeyText>;
  };
}

export const resourceOf = (kind: Pick<Kind, 'group' | 'resource'>): ResourceName =>
  (kind.group === '' ? kind.resource : `${kind.resource}.${kind.group}`) as ResourceName;

export const keyFor = (resource: string, namespace: string | undefined, name: string): KeyText =>
  (namespace === undefined ? `${resource}/${name}` : `${resource}/${namespace}/${name}`) as KeyText;

export const groupIn = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

export const versionIn = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

export const apiVersionOf = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;
