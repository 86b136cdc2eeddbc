import type { KubeObject } from '../../../objects/json.ts';
import type { PrinterColumn } from './columns.ts';
import type { WebhookJson } from './conversion.ts';
import type { ScalePaths } from './custom-kind.ts';
import type { SchemaJson } from './schema-json.ts';

/** Names of a definition, as wanted (`spec.names`) or as granted (`status.acceptedNames`). */
export interface DefinitionNames {
  readonly plural?: string;
  readonly singular?: string;
  readonly kind?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: SchemaJson };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: DefinitionNames;
  readonly versions: readonly DefinitionVersion[];
  readonly preserveUnknownFields?: boolean;
  readonly conversion?: {
    readonly strategy: string;
    readonly webhook?: WebhookJson;
  };
}

export interface DefinitionCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface DefinitionStatus {
  readonly conditions?: readonly DefinitionCondition[];
  readonly acceptedNames?: DefinitionNames;
  readonly storedVersions?: readonly string[];
}

export const specOf = (definition: KubeObject): DefinitionSpec => definition.spec as DefinitionSpec;
export const statusOf = (definition: KubeObject): DefinitionStatus =>
  (definition.status as DefinitionStatus | undefined) ?? {};

export const conditionOf = (definition: KubeObject, type: string): DefinitionCondition | undefined =>
  statusOf(definition).conditions?.find((condition) => condition.type === type);
export const conditionIsTrue = (definition: KubeObject, type: string): boolean =>
  conditionOf(definition, type)?.status === 'True';
