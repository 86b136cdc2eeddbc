import { openCluster } from '../../src/cluster/open.ts';
import { REAL_TIME } from '../../src/recover/run-time.ts';
import { ask } from '../control-plane/api.ts';
import { startControlPlane } from '../control-plane/fixture.ts';
import type { Plane, PlaneOptions } from './plane.ts';

const CHANGES = /verb="(POST|PUT|PATCH|APPLY|DELETE|DELETECOLLECTION)"/;
const BESIDES = /resource="(leases|selfsubjectaccessreviews|subjectaccessreviews|tokenreviews)"|dry_run="All"/;

/** A real kube-apiserver with etcd and, unless the options say otherwise, a controller manager. */
export async function realPlane(options: PlaneOptions = {}): Promise<Plane> {
  const plane = await startControlPlane({ controllerManager: true, ...options });
  return {
    ca: plane.ca,
    ownAuthority: true,
    deletesFolders: true,
    time: REAL_TIME,
    ask: (method, path, body, type) => ask(plane, method, path, body, type),
    open: (user) => openCluster({ kubeconfig: user === undefined ? plane.kubeconfig : plane.kubeconfigOf(user) }),
    async writes(which) {
      const { status, body } = await ask(plane, 'GET', '/metrics');
      if (status !== 200) throw new Error(`/metrics: ${status}`);
      let writes = 0;
      for (const line of body.split('\n')) {
        if (!line.startsWith('apiserver_request_total{') || !CHANGES.test(line) || BESIDES.test(line)) continue;
        if (which === 'all' || /code="2/.test(line)) writes += Number(line.slice(line.lastIndexOf(' ') + 1));
      }
      return writes;
    },
    stopControllerManager: () => plane.stopControllerManager(),
    async restartControllerManager() {
      await plane.stopControllerManager();
      await plane.startControllerManager();
    },
    stop: () => plane.stop(),
  };
}
