import { after, before, describe } from 'node:test';
import { identityContract } from './contract-identity.ts';
import { readsContract } from './contract-reads.ts';
import { type ClusterHarness, ContractRoom } from './contract-room.ts';
import { writesContract } from './contract-writes.ts';

/** What every adapter of the cluster port must do. `makeCluster` makes a cluster that the suite has for itself. */
export function clusterContract(name: string, makeCluster: () => Promise<ClusterHarness>): void {
  describe(name, () => {
    const room = new ContractRoom();
    let made: ClusterHarness | undefined;
    before(async () => {
      made = await makeCluster();
      room.enter(made);
    });
    after(() => made?.dispose());
    readsContract(room);
    writesContract(room);
    identityContract(room);
  });
}
