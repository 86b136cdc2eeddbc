import type { JsonObject } from '../../../objects/json.ts';
import type { Details } from './connection.ts';
import type { Resource } from './resource.ts';

/** What a provider finds outside. */
export interface Observation {
  readonly exists: boolean;
  readonly upToDate: boolean;
  /** What anyone may be told at any time; base64. */
  readonly details: Details;
  readonly atProvider?: JsonObject;
}

/** How a provider talks to what its managed resources stand for. Throwing an Error is a failed call; its message goes into Synced. */
export interface External {
  /** Whether a managed resource without external-name gets its own name as one. */
  namesItself(managed: Resource): boolean;
  observe(managed: Resource): Promise<Observation>;
  /** The details that are told once, and the external-name when the outside chose it. */
  create(managed: Resource): Promise<{ readonly externalName?: string; readonly details: Details }>;
  update(managed: Resource): Promise<void>;
  delete(managed: Resource): Promise<void>;
}
