import type { KubeFlags } from '../../cluster/kubeconfig/flags.ts';
import type { Format } from '../format.ts';
import type { PolicyOptions } from '../plan-flags.ts';

/** The flags of `recover`, parsed. */
export interface RecoverOptions extends Omit<KubeFlags, 'namespace'>, PolicyOptions {
  readonly vault?: string;
  readonly plan?: string;
  readonly point?: string;
  readonly acceptIncomplete?: boolean;
  readonly acceptEmptyDatabases?: boolean;
  readonly acceptOutsideBackends?: boolean;
  readonly holdExisting?: boolean;
  readonly dryRun?: boolean;
  /** Seconds. */
  readonly settle: number;
  readonly log?: string;
  readonly output: Format;
}
