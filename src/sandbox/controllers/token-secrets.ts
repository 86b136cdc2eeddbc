import { createHash } from 'node:crypto';
import type { KubeObject } from '../../objects/json.ts';
import type { User } from '../access/user.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, resource } from './hands.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const SECRETS = resource('secrets');
const ACCOUNTS = resource('serviceaccounts');
const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT_NAME = 'kubernetes.io/service-account.name';
const ACCOUNT_UID = 'kubernetes.io/service-account.uid';
/** The tokens controller alone acts as kube-controller-manager itself: it must read every Secret. */
const MANAGER: User = { name: 'system:kube-controller-manager', groups: ['system:authenticated'] };

interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** Makes the bearer token that goes into a Secret. */
export type TokenMaker = (account: KubeObject, secret: KubeObject) => string;

/** A token of the right shape that nobody has signed: three parts, the claims readable. */
export const unsignedToken: TokenMaker = (account, secret) => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { namespace, name, uid } = account.metadata;
  const claims = {
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret.metadata.name,
    'kubernetes.io/serviceaccount/service-account.name': name,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  const body = `${part({ alg: 'RS256', kid: 'sandbox' })}.${part(claims)}`;
  return `${body}.${createHash('sha256').update(body).digest('base64url')}`;
};

/** Fills Secrets of type service-account-token; deletes those whose account is gone or another one (lab 8). */
export const tokenSecretController =
  (certificates: string, makeToken: TokenMaker = unsignedToken): ControllerMaker =>
  (context) => {
    const { api } = context;
    const queue = new WorkQueue(context.clock);
    const hands = handsOf(context, MANAGER);
    const secrets = new Map<string, Set<string>>();

    const accountKey = ({ metadata }: KubeObject): string =>
      `${metadata.namespace}/${metadata.annotations?.[ACCOUNT_NAME] ?? ''}`;
    const encoded = (text: string): string => Buffer.from(text).toString('base64');

    async function reconcile(key: string): Promise<void> {
      const [namespace, name] = splitKey(key);
      const secret = api.get(SECRETS, namespace, name) as Secret | undefined;
      if (secret?.type !== TYPE || secret.metadata.deletionTimestamp !== undefined) return;
      const { annotations = {}, uid = '', resourceVersion } = secret.metadata;
      const account = api.get(ACCOUNTS, namespace, annotations[ACCOUNT_NAME] ?? '');
      const stated = annotations[ACCOUNT_UID] ?? '';
      if (account === undefined || (stated !== '' && stated !== account.metadata.uid)) {
        await hands.remove(SECRETS, secret, { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) });
        return;
      }
      const { data = {} } = secret;
      const lacks = (field: string): boolean => data[field] === undefined || data[field] === '';
      const ca = encoded(certificates);
      const right = data['ca.crt'] === ca && !lacks('token') && data.namespace === encoded(namespace ?? '');
      if (right && stated !== '') return;
      const filled = {
        ...data,
        'ca.crt': ca,
        namespace: encoded(namespace ?? ''),
        ...(lacks('token') ? { token: encoded(makeToken(account, secret)) } : {}),
      };
      const told = {
        ...annotations,
        [ACCOUNT_NAME]: account.metadata.name ?? '',
        [ACCOUNT_UID]: account.metadata.uid ?? '',
      };
      await hands.update(SECRETS, { ...secret, metadata: { ...secret.metadata, annotations: told }, data: filled });
    }

    return queuedController({
      name: 'serviceaccount-token-controller',
      queue,
      context,
      noted(change) {
        const { resource: of, object } = change.now;
        if (of === ACCOUNTS) for (const key of secrets.get(keyOf(object)) ?? []) queue.add(key);
        if (of !== SECRETS || (object as Secret).type !== TYPE) return;
        const known = secrets.get(accountKey(object)) ?? new Set<string>();
        secrets.set(accountKey(object), known);
        if (change.kind === 'deleted') known.delete(keyOf(object));
        else {
          known.add(keyOf(object));
          queue.add(keyOf(object));
        }
      },
      reconcile,
    });
  };
