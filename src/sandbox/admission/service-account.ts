import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { aggregate, createdPod, forbiddenAttempt, podOf } from './attempts.ts';
import { mountableSecretsProblem } from './mountable-secrets.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';
import type { PodShape, VolumeShape } from './shapes.ts';

const ACCOUNTS = 'serviceaccounts' as ResourceName;
const MIRROR = 'kubernetes.io/config.mirror';
const ENFORCE = 'kubernetes.io/enforce-mountable-secrets';
const VOLUME = 'kube-api-access';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** An hour and the seven seconds by which the server knows its own. */
const TOKEN_SECONDS = 3607;
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const DEFAULT_TRIES = 10;
const BETWEEN_TRIES_MS = 150;

/**
 * Gives Pods an account, its token as a projected volume and its pull secrets. `pause` lets the controller that makes
 * the account `default` work meanwhile (real clock); without it the first look decides.
 */
export function serviceAccounts(pause?: (milliseconds: number) => Promise<void>): AdmissionPlugin {
  function look(attempt: Attempt, name: string): KubeObject | undefined {
    return attempt.context.store.get(ACCOUNTS, attempt.namespace, name);
  }
  const unknown = (attempt: Attempt, name: string): Error =>
    forbiddenAttempt(
      attempt,
      `error looking up service account ${attempt.namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
    );

  async function wait(attempt: Attempt, name: string): Promise<KubeObject> {
    for (let tried = 1; pause !== undefined && name === 'default' && tried < DEFAULT_TRIES; tried += 1) {
      await pause(BETWEEN_TRIES_MS);
      const found = look(attempt, name);
      if (found !== undefined) return found;
    }
    throw unknown(attempt, name);
  }

  return {
    name: 'ServiceAccount',
    mutate(attempt) {
      const pod = createdPod(attempt);
      if (pod === undefined) return;
      if (pod.metadata.annotations?.[MIRROR] !== undefined) return refuseMirror(attempt, pod);
      const name = pod.spec.serviceAccountName || 'default';
      pod.spec.serviceAccountName = name;
      pod.spec.serviceAccount = name;
      const found = look(attempt, name);
      if (found !== undefined) return equip(pod, found, attempt);
      return wait(attempt, name).then((account) => equip(pod, account, attempt));
    },
    validate(attempt) {
      const ephemeral = attempt.operation === 'UPDATE' && attempt.subresource === 'ephemeralcontainers';
      const pod = ephemeral && attempt.plural === 'pods' ? podOf(attempt.object) : createdPod(attempt);
      if (pod === undefined) return;
      if (pod.metadata.annotations?.[MIRROR] !== undefined) return refuseMirror(attempt, pod);
      const name = pod.spec.serviceAccountName ?? '';
      if (name === '')
        throw forbiddenAttempt(
          attempt,
          `no service account specified for pod ${attempt.namespace}/${pod.metadata.name ?? ''}`,
        );
      const account = look(attempt, name);
      if (account === undefined) throw unknown(attempt, name);
      if (!/^(1|t|T|true|TRUE|True)$/.test(account.metadata.annotations?.[ENFORCE] ?? '')) return;
      const problem = aggregate(mountableSecretsProblem(account, pod, ephemeral));
      if (problem !== undefined) throw forbiddenAttempt(attempt, problem);
    },
  };
}

function refuseMirror(attempt: Attempt, pod: PodShape): void {
  if ((pod.spec.serviceAccountName ?? '') !== '')
    throw forbiddenAttempt(attempt, 'a mirror pod may not reference service accounts');
  const text = JSON.stringify(pod.spec);
  if (/"(secretName|secretRef|secretKeyRef)":/.test(text) || (pod.spec.imagePullSecrets ?? []).length > 0)
    throw forbiddenAttempt(attempt, 'a mirror pod may not reference secrets');
  if (text.includes('"serviceAccountToken":'))
    throw forbiddenAttempt(attempt, 'a mirror pod may not use ServiceAccountToken volume projections');
}

function equip(pod: PodShape, account: KubeObject, attempt: Attempt): void {
  const given = account as KubeObject & {
    automountServiceAccountToken?: boolean;
    imagePullSecrets?: readonly { name: string }[];
  };
  if (pod.spec.automountServiceAccountToken ?? given.automountServiceAccountToken ?? true) mountToken(pod, attempt);
  if ((pod.spec.imagePullSecrets ?? []).length === 0 && (given.imagePullSecrets ?? []).length > 0)
    pod.spec.imagePullSecrets = (given.imagePullSecrets ?? []).map(({ name }) => ({ name }));
}

function mountToken(pod: PodShape, attempt: Attempt): void {
  const present = pod.spec.volumes?.find(({ name }) => name.startsWith(`${VOLUME}-`))?.name;
  const name = present ?? `${VOLUME}-${letters(attempt)}`;
  let needed = false;
  for (const container of [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])]) {
    if (container.volumeMounts?.some(({ mountPath }) => mountPath === MOUNT_PATH)) continue;
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath: MOUNT_PATH }];
    needed = true;
  }
  if (needed && present === undefined) pod.spec.volumes = [...(pod.spec.volumes ?? []), tokenVolume(name)];
}

const letters = (attempt: Attempt): string =>
  Array.from({ length: 5 }, () => LETTERS[Math.floor(attempt.context.random() * LETTERS.length)]).join('');

const tokenVolume = (name: string): VolumeShape => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  },
});
