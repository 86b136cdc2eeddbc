import { randomBytes } from 'node:crypto';
import { type Api, base64, deployment } from './api.ts';

export const TENANTS = ['team-a', 'team-b', 'team-c'] as const;

/** Three teams, each with a Namespace and a web application: one brought by GitOps, two by hand. */
export async function makeTenants(api: Api): Promise<void> {
  for (const [index, name] of TENANTS.entries()) {
    const labels = { team: name };
    await api.make('/api/v1/namespaces', { metadata: { name, labels } }, 'kubectl-create');
    const home = `/api/v1/namespaces/${name}`;
    const secret = { metadata: { name: 'session' }, data: { key: base64(randomBytes(16).toString('hex')) } };
    await api.make(`${home}/secrets`, secret, 'kubectl-create');
    await api.make(`${home}/configmaps`, { metadata: { name: 'settings' }, data: { team: name } }, 'kubectl-create');
    await api.make(`${home}/serviceaccounts`, { metadata: { name: 'web' } }, 'kubectl-create');
    const web = deployment('web', { app: 'web' }, `registry.example.org/web:${index + 1}`, 2);
    const apps = `/apis/apps/v1/namespaces/${name}/deployments`;
    if (index === 0) {
      await api.apply(`${apps}/web`, web, 'argocd-controller');
      // What GitOps leaves alone and Git does not know: a person asked for more.
      await api.change(`${apps}/web`, { spec: { replicas: 3 } }, 'kubectl-scale');
    } else await api.make(apps, web, 'kubectl-create');
    const ports = [{ port: 80, targetPort: 8080 }];
    await api.make(
      `${home}/services`,
      { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports } },
      'kubectl-create',
    );
  }
}
