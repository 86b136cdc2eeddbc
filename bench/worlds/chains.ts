import type { KubeObject } from '../../src/objects/json.ts';
import { Random, uidFor } from './random.ts';
import { BUILT_IN, type World } from './world.ts';

export const NAMESPACES = 20;
const SECRET_EVERY = 10;
const DEPTH = 3;

export function namespaceName(prefix: string, number: number): string {
  return `${prefix}-team-${String(number).padStart(2, '0')}`;
}

/**
 * ConfigMaps and, each tenth, Secrets of about 1.5 KB, without managed fields and status, in twenty namespaces. Half of them
 * hang in chains of owners three deep. The namespaces are part of the world and not of `count`; `prefix` begins their names.
 */
export function chains(prefix: string, count: number, seed: number): World {
  const kinds = BUILT_IN.filter(({ kind }) => ['Namespace', 'ConfigMap', 'Secret'].includes(kind));
  return {
    kinds,
    *objects() {
      for (let number = 0; number < NAMESPACES; number++) yield namespace(prefix, number);
      const random = new Random(seed);
      const chained = Math.floor(count / 2 / DEPTH) * DEPTH;
      let owner: KubeObject | undefined;
      for (let number = 0; number < count; number++) {
        if (number >= chained || number % DEPTH === 0) owner = undefined;
        owner = body(prefix, number, seed, random, owner, Math.floor(number / DEPTH) % NAMESPACES);
        yield owner;
      }
    },
  };
}

function namespace(prefix: string, number: number): KubeObject {
  const name = namespaceName(prefix, number);
  const labels = { 'kubernetes.io/metadata.name': name };
  const metadata = { name, uid: uidFor(0xa0, number), resourceVersion: '9', labels };
  return { apiVersion: 'v1', kind: 'Namespace', metadata, spec: { finalizers: ['kubernetes'] } };
}

function body(
  prefix: string,
  number: number,
  seed: number,
  random: Random,
  owner: KubeObject | undefined,
  team: number,
): KubeObject {
  const secret = number % SECRET_EVERY === SECRET_EVERY - 1;
  const metadata = {
    name: `settings-${String(number).padStart(6, '0')}`,
    namespace: namespaceName(prefix, team),
    uid: uidFor(seed, number),
    resourceVersion: String(1000 + number),
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: `app-${number % 97}`, part: secret ? 'secret' : 'config' },
    ...(owner === undefined ? {} : { ownerReferences: [referenceTo(owner)] }),
  };
  const text = random.text(1150);
  return secret
    ? {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata,
        type: 'Opaque',
        data: { 'settings.txt': Buffer.from(text.slice(0, 860)).toString('base64') },
      }
    : { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'settings.txt': text } };
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject) {
  const { name = '', uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: false };
}
