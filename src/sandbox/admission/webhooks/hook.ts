import type { KubeObject } from '../../../objects/json.ts';
import { compareText, type ResourceName } from '../../../objects/key.ts';
import type { SelectorShape } from '../../../objects/selector-shape.ts';
import type { StoreView } from '../../storage/store-view.ts';

export interface HookRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}
/** One webhook of a configuration, as it is stored. */
export interface Hook {
  readonly name: string;
  readonly clientConfig: {
    readonly url?: string;
    readonly service?: {
      readonly namespace: string;
      readonly name: string;
      readonly path?: string;
      readonly port?: number;
    };
    /** PEM in base64. */
    readonly caBundle?: string;
  };
  readonly rules?: readonly HookRule[];
  readonly failurePolicy?: string;
  readonly matchPolicy?: string;
  readonly namespaceSelector?: SelectorShape;
  readonly objectSelector?: SelectorShape;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions?: readonly string[];
  readonly reinvocationPolicy?: string;
  readonly matchConditions?: readonly MatchCondition[];
}

export type HookKind = 'mutating' | 'validating';
const RESOURCES: Readonly<Record<HookKind, ResourceName>> = {
  mutating: 'mutatingwebhookconfigurations.admissionregistration.k8s.io' as ResourceName,
  validating: 'validatingwebhookconfigurations.admissionregistration.k8s.io' as ResourceName,
};

/** All webhooks of a kind: configurations by name, then as they stand in them. */
export function hooksOf(store: StoreView, kind: HookKind): Hook[] {
  const configurations: KubeObject[] = [];
  for (const one of store.list(RESOURCES[kind])) configurations.push(one);
  if (configurations.length === 0) return [];
  configurations.sort((a, b) => compareText(a.metadata.name ?? '', b.metadata.name ?? ''));
  return configurations.flatMap((one) => (one.webhooks ?? []) as readonly Hook[]);
}
