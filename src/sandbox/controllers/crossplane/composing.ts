import type { ResourceName } from '../../../objects/key.ts';
import type { ControllerContext } from '../controller.ts';
import type { KnownKinds } from './kinds.ts';
import type { Flavour } from './names.ts';
import type { Writer } from './writer.ts';

/** With what a composite is composed. */
export interface Composing {
  readonly context: ControllerContext;
  readonly kinds: KnownKinds;
  readonly writer: Writer;
  readonly flavour: Flavour;
  /** Of the composite. */
  readonly resource: ResourceName;
}
