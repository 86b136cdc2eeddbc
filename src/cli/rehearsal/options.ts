import type { Format } from '../format.ts';
import type { PolicyOptions } from '../plan-flags.ts';

/** The flags of `rehearse`, parsed. */
export interface RehearseOptions extends PolicyOptions {
  readonly vault?: string;
  readonly point?: string;
  readonly plan?: string;
  readonly targetLike?: string;
  readonly kubeconfig?: string;
  readonly nodes: boolean;
  readonly all?: boolean;
  readonly output: Format;
}
