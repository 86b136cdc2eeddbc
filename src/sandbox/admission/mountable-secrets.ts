import type { KubeObject } from '../../objects/json.ts';
import type { ContainerShape, PodShape } from './shapes.ts';

/** The first secret that a Pod uses and its account (annotated so) does not list. */
export function mountableSecretsProblem(account: KubeObject, pod: PodShape, ephemeralOnly: boolean): string[] {
  const given = account as KubeObject & {
    secrets?: readonly { name: string }[];
    imagePullSecrets?: readonly { name: string }[];
  };
  const own = account.metadata.name ?? '';
  const allowed = new Set((given.secrets ?? []).map(({ name }) => name));
  const tail = `is not allowed because service account ${own} does not reference that secret`;
  if (ephemeralOnly) return inContainers(pod.spec.ephemeralContainers, 'ephemeral container', allowed, tail);
  for (const volume of pod.spec.volumes ?? []) {
    const secret = (volume.secret as { secretName?: string } | undefined)?.secretName;
    if (volume.secret !== undefined && !allowed.has(secret ?? ''))
      return [`volume with secret.secretName="${secret}" ${tail}`];
  }
  const found = [
    ...inContainers(pod.spec.initContainers, 'init container', allowed, tail),
    ...inContainers(pod.spec.containers, 'container', allowed, tail),
  ].slice(0, 1);
  if (found.length > 0) return found;
  const pulls = new Set((given.imagePullSecrets ?? []).map(({ name }) => name));
  for (const [index, { name }] of (pod.spec.imagePullSecrets ?? []).entries())
    if (!pulls.has(name))
      return [
        `imagePullSecrets[${index}].name="${name}" is not allowed because service account ${own} does not reference that imagePullSecret`,
      ];
  return [];
}

function inContainers(
  containers: readonly ContainerShape[] | undefined,
  what: string,
  allowed: ReadonlySet<string>,
  tail: string,
): string[] {
  for (const { name, env = [], envFrom = [] } of containers ?? []) {
    for (const { name: variable, valueFrom } of env) {
      const secret = valueFrom?.secretKeyRef?.name;
      if (secret !== undefined && !allowed.has(secret))
        return [`${what} ${name} with envVar ${variable} referencing secret.secretName="${secret}" ${tail}`];
    }
    for (const { secretRef } of envFrom)
      if (secretRef !== undefined && !allowed.has(secretRef.name))
        return [`${what} ${name} with envFrom referencing secret.secretName="${secretRef.name}" ${tail}`];
  }
  return [];
}
