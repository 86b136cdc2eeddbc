import type { ResourceName } from '../../objects/key.ts';
import type { SelectorShape } from '../../objects/selector-shape.ts';
import type { Authorizer } from '../access/authorizer.ts';

/** `spec.matchConstraints` of a policy, `spec.matchResources` of a binding. */
export interface MatchResources {
  readonly namespaceSelector?: SelectorShape;
  readonly objectSelector?: SelectorShape;
  readonly matchPolicy?: 'Exact' | 'Equivalent';
  readonly resourceRules?: readonly NamedRule[];
  readonly excludeResourceRules?: readonly NamedRule[];
}
export interface NamedRule {
  readonly resourceNames?: readonly string[];
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}

export interface PolicySpec {
  readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  readonly matchConstraints?: MatchResources;
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly validations?: readonly {
    readonly expression: string;
    readonly message?: string;
    readonly messageExpression?: string;
    readonly reason?: string;
  }[];
}

export interface PolicyBindingSpec {
  readonly policyName: string;
  readonly paramRef?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly selector?: SelectorShape;
    readonly parameterNotFoundAction?: 'Allow' | 'Deny';
  };
  readonly matchResources?: MatchResources;
  readonly validationActions?: readonly ('Deny' | 'Warn' | 'Audit')[];
}

/** What policies need from the rest of the server. */
export interface PolicyParts {
  /** Resource and scope of a parameter's kind: built in or defined. Undefined: the kind is not known. */
  paramResource(
    apiVersion: string,
    kind: string,
  ): { readonly resource: ResourceName; readonly namespaced: boolean } | undefined;
  /** For `authorizer` in expressions. */
  readonly authorizer?: Authorizer;
}
