import type { Cluster } from '../../src/cluster/port.ts';
import type { RunTime } from '../../src/recover/run-time.ts';
import type { User } from '../control-plane/fixture.ts';

export interface PlaneAnswer {
  readonly status: number;
  readonly body: string;
}

/** A control plane as stories need it, whether it is a real one or simulated. */
export interface Plane {
  /** The certificate of its authority, as `kube-root-ca.crt` has it. */
  readonly ca: string;
  /** Where every control plane shows the same one, a story cannot tell whose it is. */
  readonly ownAuthority: boolean;
  /** Whether deleting a volume of a host's folder deletes the folder. */
  readonly deletesFolders: boolean;
  /** How time passes there. */
  readonly time: RunTime;
  /** One plain request as the administrator. */
  ask(method: string, path: string, body?: unknown, type?: string): Promise<PlaneAnswer>;
  /** As the administrator, or as one of the users in the options. */
  open(user?: string): Promise<Cluster>;
  /** Requests that changed something or tried to, dry runs and questions about rights aside; `accepted`: those that were. */
  writes(which: 'all' | 'accepted'): Promise<number>;
  stopControllerManager(): Promise<void>;
  /** What it had put off it does at once. */
  restartControllerManager(): Promise<void>;
  stop(): Promise<void>;
}

export interface PlaneOptions {
  /** Default: yes. */
  readonly controllerManager?: boolean;
  readonly users?: readonly User[];
  readonly serviceCidr?: string;
}
