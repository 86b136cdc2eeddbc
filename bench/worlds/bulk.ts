import type { KubeObject } from '../../src/objects/json.ts';
import { Random, uidFor } from './random.ts';

const NAMESPACES = 20;

/** `plain`: 1.5 KB each. `fielded`: 10 KB mean, half of it managed fields, and some of 1 MB at the end. */
export interface BulkShape {
  readonly kind: 'plain' | 'fielded';
  readonly count: number;
  /** Of them, how many of 1 MB; they stand at the end. */
  readonly huge: number;
}

export const bulkNamespaces: readonly string[] = Array.from(
  { length: NAMESPACES },
  (_, number) => `bulk-${String(number).padStart(2, '0')}`,
);

/** The n-th ConfigMap, as a server would keep it. The same number gives the same object. */
export function bulkObject({ kind, count, huge }: BulkShape, number: number): KubeObject {
  const random = new Random(number + 1);
  const fields = kind === 'fielded' ? fieldsOf(random, number) : undefined;
  const metadata = {
    name: `settings-${String(number).padStart(6, '0')}`,
    namespace: bulkNamespaces[number % NAMESPACES] ?? '',
    uid: uidFor(kind === 'plain' ? 0xb1 : 0xb2, number),
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: `app-${number % 97}` },
    ...(fields === undefined ? {} : { managedFields: fields }),
  };
  const size = kind === 'plain' ? 1_280 : number >= count - huge ? 1_000_000 : 1_000 + random.below(8_000);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'settings.txt': textOf(random, size) } };
}

/** Half of it can be foreseen by a compressor, as in life; cheap to make. */
function textOf(random: Random, size: number): string {
  if (size < 20_000) return random.text(size);
  const piece = random.text(20_000);
  return Array.from({ length: Math.ceil(size / piece.length) }, (_, at) => `${at}${piece}`)
    .join('')
    .slice(0, size);
}

function fieldsOf(random: Random, number: number) {
  const managers = ['kubectl-client-side-apply', 'argocd-controller', 'kustomize-controller', 'operator'];
  return managers.map((manager, at) => ({
    manager,
    operation: at === 0 ? 'Update' : 'Apply',
    apiVersion: 'v1',
    time: `2026-01-0${at + 1}T00:00:00Z`,
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:data': { '.': {}, 'f:settings.txt': {} },
      'f:metadata': {
        'f:annotations': Object.fromEntries(
          Array.from({ length: 20 + random.below(24) }, (_, leaf) => [
            `f:example.org/setting-${number % 7}-${leaf}`,
            {},
          ]),
        ),
      },
    },
  }));
}
