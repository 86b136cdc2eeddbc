import type { MutableJson } from '../../../objects/json.ts';
import { type Body, child, deep, fill, fillEmpty, flag, items, made, text } from '../values.ts';
import { tagOf } from './image.ts';
import { defaultVolume } from './volume-defaults.ts';

/** What a pod spec has when nothing is said: the same in Pods and in every template. */
export function defaultPodSpec(spec: Body): void {
  fillEmpty(spec, 'dnsPolicy', 'ClusterFirst');
  fillEmpty(spec, 'restartPolicy', 'Always');
  fill(spec, 'securityContext', {});
  fill(spec, 'terminationGracePeriodSeconds', 30);
  fillEmpty(spec, 'schedulerName', 'default-scheduler');
  const account = text(spec, 'serviceAccountName') || text(spec, 'serviceAccount');
  if (account === '') {
    delete spec.serviceAccount;
    delete spec.serviceAccountName;
  } else {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  for (const volume of items(spec, 'volumes')) defaultVolume(volume);
  for (const key of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of items(spec, key)) defaultContainer(container);
  }
  if (flag(spec, 'hostNetwork')) {
    for (const key of ['containers', 'initContainers']) {
      for (const container of items(spec, key)) {
        for (const port of items(container, 'ports')) fillEmpty(port, 'hostPort', port.containerPort ?? 0);
      }
    }
  }
}

/** Only in Pods, not in templates: requests follow limits, service links are on. */
export function defaultPodOnly(spec: Body): void {
  for (const key of ['containers', 'initContainers']) {
    for (const container of items(spec, key)) {
      const limits = deep(container, 'resources', 'limits');
      if (limits === undefined) continue;
      const requests = made(made(container, 'resources'), 'requests');
      for (const [name, value] of Object.entries(limits)) fill(requests, name, value as MutableJson);
    }
  }
  fill(spec, 'enableServiceLinks', true);
}

function defaultContainer(container: Body): void {
  const latest = tagOf(text(container, 'image')) === 'latest';
  fillEmpty(container, 'imagePullPolicy', latest ? 'Always' : 'IfNotPresent');
  fillEmpty(container, 'terminationMessagePath', '/dev/termination-log');
  fillEmpty(container, 'terminationMessagePolicy', 'File');
  for (const port of items(container, 'ports')) fillEmpty(port, 'protocol', 'TCP');
  for (const env of items(container, 'env')) {
    const reference = deep(env, 'valueFrom', 'fieldRef');
    if (reference !== undefined) fillEmpty(reference, 'apiVersion', 'v1');
    const fileKey = deep(env, 'valueFrom', 'fileKeyRef');
    if (fileKey !== undefined) fill(fileKey, 'optional', false);
  }
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = child(container, key);
    if (probe !== undefined) defaultProbe(probe);
  }
  for (const key of ['postStart', 'preStop']) defaultHttpGet(deep(container, 'lifecycle', key, 'httpGet'));
}

function defaultProbe(probe: Body): void {
  fillEmpty(probe, 'timeoutSeconds', 1);
  fillEmpty(probe, 'periodSeconds', 10);
  fillEmpty(probe, 'successThreshold', 1);
  fillEmpty(probe, 'failureThreshold', 3);
  defaultHttpGet(child(probe, 'httpGet'));
  const grpc = child(probe, 'grpc');
  if (grpc !== undefined) fill(grpc, 'service', '');
}
function defaultHttpGet(action: Body | undefined): void {
  if (action === undefined) return;
  fillEmpty(action, 'path', '/');
  fillEmpty(action, 'scheme', 'HTTP');
}
