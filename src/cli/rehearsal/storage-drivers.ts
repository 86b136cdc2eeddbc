import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { diskProvisioner } from '../../sandbox/controllers/disk-provisioner.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

const CLASSES = 'storageclasses.storage.k8s.io' as ResourceName;
const NOBODY = 'kubernetes.io/no-provisioner';

/** A storage driver for each provisioner that a StorageClass names: where Pods run, claims get volumes. */
export class StorageDrivers {
  readonly #sandbox: Sandbox;
  readonly #known = new Set<string>([NOBODY]);

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    for (const one of sandbox.api.list(CLASSES)) this.note(CLASSES, one);
  }

  note(resource: ResourceName, object: KubeObject): void {
    const { provisioner } = object as { readonly provisioner?: unknown };
    if (resource !== CLASSES || typeof provisioner !== 'string' || this.#known.has(provisioner)) return;
    this.#known.add(provisioner);
    this.#sandbox.controllers.start(diskProvisioner(provisioner));
  }
}
