import type { KubeObject } from '../../objects/json.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, namespaceTerminates, refusedAs, resource } from './hands.ts';
import { queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const NAMESPACES = resource('namespaces');
const ACCOUNTS = resource('serviceaccounts');
const CONFIG_MAPS = resource('configmaps');

const isActive = (namespace: KubeObject): boolean =>
  (namespace as { readonly status?: { readonly phase?: string } }).status?.phase !== 'Terminating';

/** Every namespace has the ServiceAccount `default`. */
export const serviceAccountController: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, 'service-account-controller');
  return queuedController({
    name: 'serviceaccount-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === NAMESPACES && change.kind !== 'deleted') queue.add(object.metadata.name ?? '');
      if (of === ACCOUNTS && change.kind === 'deleted') queue.add(object.metadata.namespace ?? '');
    },
    async reconcile(name) {
      const namespace = context.api.get(NAMESPACES, undefined, name);
      if (namespace === undefined || !isActive(namespace)) return;
      if (context.api.get(ACCOUNTS, name, 'default') !== undefined) return;
      const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } };
      try {
        await hands.create(ACCOUNTS, name, body);
      } catch (error) {
        if (!refusedAs(error, 'AlreadyExists') && !namespaceTerminates(error)) throw error;
      }
    },
  });
};

const ROOT_CA = 'kube-root-ca.crt';
const WHAT_FOR =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Every namespace has the ConfigMap kube-root-ca.crt with the given certificates (PEM). */
export const rootCaPublisher =
  (certificates: string): ControllerMaker =>
  (context) => {
    const queue = new WorkQueue(context.clock);
    const hands = handsOf(context, 'root-ca-cert-publisher');
    const data = { 'ca.crt': certificates };
    return queuedController({
      name: 'root-ca-certificate-publisher-controller',
      queue,
      context,
      noted(change) {
        const { resource: of, object } = change.now;
        if (of === NAMESPACES && change.kind !== 'deleted') queue.add(object.metadata.name ?? '');
        if (of === CONFIG_MAPS && object.metadata.name === ROOT_CA) queue.add(object.metadata.namespace ?? '');
      },
      async reconcile(name) {
        const namespace = context.api.get(NAMESPACES, undefined, name);
        if (namespace === undefined || !isActive(namespace)) return;
        const found = context.api.get(CONFIG_MAPS, name, ROOT_CA);
        const annotations = { 'kubernetes.io/description': WHAT_FOR };
        if (found === undefined) {
          const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: ROOT_CA, annotations }, data };
          try {
            await hands.create(CONFIG_MAPS, name, body);
          } catch (error) {
            if (!refusedAs(error, 'AlreadyExists') && !namespaceTerminates(error)) throw error;
          }
          return;
        }
        const right = JSON.stringify(found.data) === JSON.stringify(data);
        if (right && found.metadata.annotations?.['kubernetes.io/description'] === WHAT_FOR) return;
        await hands.update(CONFIG_MAPS, { ...found, metadata: { ...found.metadata, annotations }, data });
      },
    });
  };
