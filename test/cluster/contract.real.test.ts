import { test } from 'node:test';
import { openCluster } from '../../src/cluster/open.ts';
import { controlPlaneAvailable, startControlPlane } from '../control-plane/fixture.ts';
import { clusterContract } from './contract.ts';

const available = await controlPlaneAvailable();
if (available.kind === 'unavailable')
  test('the cluster contract on a real API server', { skip: `${available.why} ${available.hint}` }, () => undefined);
else
  clusterContract('the HTTP adapter on a real API server', async () => {
    const plane = await startControlPlane({
      controllerManager: false,
      users: [{ name: 'stranger', groups: ['strangers'], token: 'stranger-token' }],
    });
    const open = () => openCluster({ kubeconfig: plane.kubeconfig });
    const cluster = await open();
    const stranger = await openCluster({ kubeconfig: plane.kubeconfigOf('stranger') });
    return {
      cluster,
      open,
      stranger,
      compact: async () => void (await plane.compact()),
      dispose: async () => {
        await cluster.close();
        await stranger.close();
        await plane.stop();
      },
    };
  });
