import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/cluster/open.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { clusterContract } from './contract.ts';

const STRANGER = 'stranger-token';
const start = () =>
  startSandbox({
    clock: 'real',
    seed: 1,
    controllers: [],
    tokens: { [STRANGER]: { name: 'stranger', groups: ['strangers'] } },
  });

clusterContract('the sandbox in its process', async () => {
  const sandbox = await start();
  const cluster = sandbox.cluster();
  const stranger = sandbox.cluster({ token: STRANGER });
  return {
    cluster,
    open: async () => sandbox.cluster(),
    stranger,
    compact: async () => sandbox.compact(),
    dispose: async () => {
      await cluster.close();
      await stranger.close();
      await sandbox.close();
    },
  };
});

clusterContract('the HTTP adapter on the sandbox', async () => {
  const sandbox = await start();
  const { kubeconfig } = await sandbox.listen();
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-sandbox-'));
  const [admin, other] = [join(folder, 'admin'), join(folder, 'stranger')];
  await kubeconfig(admin);
  await kubeconfig(other, STRANGER);
  const open = () => openCluster({ kubeconfig: admin });
  const cluster = await open();
  const stranger = await openCluster({ kubeconfig: other });
  return {
    cluster,
    open,
    stranger,
    compact: async () => sandbox.compact(),
    dispose: async () => {
      await cluster.close();
      await stranger.close();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
});
