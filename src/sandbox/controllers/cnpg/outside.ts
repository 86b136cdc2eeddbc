import { Disks } from '../../cloud/database.ts';
import { ObjectStore } from '../../cloud/object-store.ts';

/** What of databases lies outside the Kubernetes API: volumes' contents (per cluster) and the object store (for all). */
export interface DatabaseOutside {
  readonly disks: Disks;
  readonly store: ObjectStore;
}
export const databaseOutside = (store = new ObjectStore()): DatabaseOutside => ({ disks: new Disks(), store });
