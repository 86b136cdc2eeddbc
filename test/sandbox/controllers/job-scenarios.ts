import { apps, batch, core, endPods, makeReady, type Scenario, template } from './scenario.ts';

const labels = { app: 'web' };
const jobs = (namespace: string): readonly string[] => [batch(namespace, 'jobs'), core(namespace, 'pods')];
const job = (spec: object): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'work' },
  spec: { template: template({}, 'a', { restartPolicy: 'Never' }), ...spec },
});

/** Jobs, CronJobs, endpoints of Services, budgets. */
export const JOBS_AND_SERVICES: readonly Scenario[] = [
  {
    name: 'a Job whose Pods succeed',
    async play(side, namespace) {
      await side.create(batch(namespace, 'jobs'), job({ completions: 2, parallelism: 1 }));
      for (let round = 0; round < 2; round += 1) {
        await side.rest(jobs(namespace), 1800);
        await endPods(side, namespace, 'Succeeded');
      }
      return side.rest(jobs(namespace));
    },
  },
  {
    name: 'an indexed Job',
    async play(side, namespace) {
      await side.create(batch(namespace, 'jobs'), job({ completions: 3, parallelism: 2, completionMode: 'Indexed' }));
      await side.rest(jobs(namespace), 1800);
      const [first] = await side.list(core(namespace, 'pods'));
      await side.merge(`${core(namespace, 'pods')}/${first?.metadata.name}/status`, { status: { phase: 'Succeeded' } });
      await side.rest(jobs(namespace), 1800);
      await endPods(side, namespace, 'Succeeded');
      return side.rest(jobs(namespace));
    },
  },
  {
    name: 'a Job that fails, and one that is suspended',
    async play(side, namespace) {
      await side.create(batch(namespace, 'jobs'), job({ backoffLimit: 0 }));
      await side.create(batch(namespace, 'jobs'), { ...job({ suspend: true }), metadata: { name: 'later' } });
      await side.rest(jobs(namespace), 1800);
      await endPods(side, namespace, 'Failed');
      return side.rest(jobs(namespace));
    },
  },
  {
    name: 'a complete Job is posted again and runs again',
    async play(side, namespace) {
      const done = {
        status: {
          succeeded: 1,
          conditions: [{ type: 'Complete', status: 'True' }],
          completionTime: '2026-01-01T00:00:00Z',
        },
      };
      await side.create(batch(namespace, 'jobs'), { ...job({}), ...done });
      return side.rest(jobs(namespace));
    },
  },
  {
    name: 'a Job deleted after its time',
    async play(side, namespace) {
      await side.create(batch(namespace, 'jobs'), job({ ttlSecondsAfterFinished: 1 }));
      await side.rest(jobs(namespace), 1800);
      await endPods(side, namespace, 'Succeeded');
      await side.until('the Job is gone', async () => (await side.list(batch(namespace, 'jobs'))).length === 0);
      return side.rest(jobs(namespace));
    },
  },
  {
    name: 'a CronJob that is suspended keeps its history',
    async play(side, namespace) {
      await side.create(batch(namespace, 'cronjobs'), {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly' },
        spec: {
          schedule: '0 3 * * *',
          suspend: true,
          jobTemplate: { spec: { template: template({}, 'a', { restartPolicy: 'Never' }) } },
        },
      });
      return side.rest([batch(namespace, 'cronjobs'), ...jobs(namespace)]);
    },
  },
  {
    name: 'Services with and without Pods have endpoints',
    async play(side, namespace) {
      const service = (name: string, selector: object, more: object = {}): object => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, labels: { tier: name } },
        spec: { selector, ports: [{ port: 80, targetPort: 8080 }], ...more },
      });
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'one', labels },
        spec: { nodeName: `node-${namespace}`, containers: [{ name: 'main', image: 'a' }] },
      };
      await side.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${namespace}` } });
      await side.create(core(namespace, 'pods'), pod);
      await side.create(core(namespace, 'services'), service('empty', { app: 'nobody' }));
      await side.create(core(namespace, 'services'), service('web', labels));
      await side.create(core(namespace, 'services'), service('bare', labels, { clusterIP: 'None' }));
      await side.rest([core(namespace, 'services'), core(namespace, 'endpoints')], 1000);
      await makeReady(side, namespace);
      const discovery = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
      return side.rest([core(namespace, 'services'), core(namespace, 'endpoints'), discovery]);
    },
  },
  {
    name: 'a PodDisruptionBudget counts its Pods',
    async play(side, namespace) {
      const budgets = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
      const budget = (name: string, spec: object): object => ({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name },
        spec: { selector: { matchLabels: labels }, ...spec },
      });
      // Of several budgets that select a Pod the real controller looks at any one, so each has its own Pods here.
      const nobody = { selector: { matchLabels: { app: 'nobody' } } };
      await side.create(budgets, budget('least', { minAvailable: 1, ...nobody }));
      await side.create(budgets, budget('most', { maxUnavailable: '50%' }));
      await side.create(apps(namespace, 'replicasets'), {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'set' },
        spec: { replicas: 2, selector: { matchLabels: labels }, template: template(labels) },
      });
      await side.rest([core(namespace, 'pods')], 800);
      await makeReady(side, namespace);
      return side.rest([budgets], 4000);
    },
  },
];
