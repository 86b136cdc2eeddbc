import { dnsLabel, envVarName, portName, portNumber } from '../../schema/metadata/names.ts';
import {
  duplicate,
  each,
  forbiddenField,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, child, count, has, items, text } from '../values.ts';
import { validateEnvSource } from './env-sources.ts';
import { validateProbe } from './probes.ts';
import { validateResources } from './resources.ts';

/** What the containers of one pod spec may refer to. */
export interface ContainerRoom {
  readonly volumes: ReadonlySet<string>;
  readonly hostNetwork: boolean;
}
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function validateContainers(containers: readonly Body[], field: string, room: ContainerRoom): Problem[] {
  if (containers.length === 0) return [required(field)];
  const found: Problem[] = [];
  const names = new Set<string>();
  containers.forEach((container, at) => {
    const place = `${field}[${at}]`;
    const name = text(container, 'name');
    found.push(...common(container, place, room));
    if (names.has(name)) found.push(duplicate(`${place}.name`, name));
    names.add(name);
    found.push(...probes(container, place));
    if (has(container, 'restartPolicy')) {
      found.push(forbiddenField(`${place}.restartPolicy`, 'may not be set for non-init containers'));
    }
  });
  found.push(...hostPortConflicts(containers, field));
  return found;
}

export function validateInitContainers(
  containers: readonly Body[],
  regular: readonly Body[],
  field: string,
  room: ContainerRoom,
): Problem[] {
  const found: Problem[] = [];
  const names = new Set(regular.map((container) => text(container, 'name')));
  containers.forEach((container, at) => {
    const place = `${field}[${at}]`;
    const name = text(container, 'name');
    found.push(...common(container, place, room));
    const restart = text(container, 'restartPolicy');
    if (has(container, 'restartPolicy') && restart !== 'Always') {
      found.push(notSupported(`${place}.restartPolicy`, restart, ['Always']));
    }
    if (names.has(name)) found.push(duplicate(`${place}.name`, name));
    else if (name !== '') names.add(name);
    if (restart === 'Always') found.push(...probes(container, place));
    else {
      for (const key of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
        if (!has(container, key)) continue;
        found.push(
          forbiddenField(`${place}.${key}`, 'may not be set for init containers without restartPolicy=Always'),
        );
      }
    }
  });
  return found;
}

function common(container: Body, place: string, room: ContainerRoom): Problem[] {
  const found: Problem[] = [];
  const name = text(container, 'name');
  if (name === '') found.push(required(`${place}.name`));
  else found.push(...each(`${place}.name`, name, dnsLabel(name)));
  if (text(container, 'image') === '') found.push(required(`${place}.image`));
  const message = text(container, 'terminationMessagePolicy');
  if (message !== 'File' && message !== 'FallbackToLogsOnError') {
    found.push(notSupported(`${place}.terminationMessagePolicy`, message, ['File', 'FallbackToLogsOnError']));
  }
  found.push(...ports(items(container, 'ports'), `${place}.ports`));
  items(container, 'env').forEach((env, at) => {
    const field = `${place}.env[${at}]`;
    const variable = text(env, 'name');
    if (variable === '') found.push(required(`${field}.name`));
    else found.push(...each(`${field}.name`, variable, envVarName(variable)));
    found.push(...validateEnvSource(env, `${field}.valueFrom`));
  });
  items(container, 'envFrom').forEach((source, at) => {
    found.push(...envFrom(source, `${place}.envFrom`, at));
  });
  found.push(...mounts(container, place, room));
  const pull = text(container, 'imagePullPolicy');
  const policies = ['Always', 'IfNotPresent', 'Never'];
  if (!policies.includes(pull)) found.push(notSupported(`${place}.imagePullPolicy`, pull, policies));
  found.push(...validateResources(child(container, 'resources'), `${place}.resources`));
  return found;
}

function ports(list: readonly Body[], field: string): Problem[] {
  const found: Problem[] = [];
  const names = new Set<string>();
  list.forEach((port, at) => {
    const place = `${field}[${at}]`;
    const name = text(port, 'name');
    if (name !== '') {
      const said = portName(name);
      if (said.length > 0) found.push(...each(`${place}.name`, name, said));
      else if (names.has(name)) found.push(duplicate(`${place}.name`, name));
      else names.add(name);
    }
    const number = count(port, 'containerPort');
    if (number === 0) found.push(required(`${place}.containerPort`));
    else found.push(...each(`${place}.containerPort`, number, portNumber(number)));
    const host = count(port, 'hostPort');
    if (host !== 0) found.push(...each(`${place}.hostPort`, host, portNumber(host)));
    const protocol = text(port, 'protocol');
    if (!PROTOCOLS.includes(protocol)) found.push(notSupported(`${place}.protocol`, protocol, PROTOCOLS));
  });
  return found;
}

function envFrom(source: Body, whole: string, at: number): Problem[] {
  const place = `${whole}[${at}]`;
  const found: Problem[] = [];
  const prefix = text(source, 'prefix');
  if (prefix !== '') found.push(...each(`${place}.prefix`, prefix, envVarName(prefix)));
  const kinds = ['configMapRef', 'secretRef'].filter((kind) => has(source, kind));
  for (const kind of kinds) {
    if (text(child(source, kind), 'name') === '') found.push(required(`${place}.${kind}.name`));
  }
  if (kinds.length === 0) found.push(invalidValue(whole, '', 'must specify one of: `configMapRef` or `secretRef`'));
  if (kinds.length > 1) found.push(invalidValue(whole, '', 'may not have more than one field specified at a time'));
  return found;
}

function mounts(container: Body, place: string, room: ContainerRoom): Problem[] {
  const found: Problem[] = [];
  const paths = new Set<string>();
  items(container, 'volumeMounts').forEach((mount, at) => {
    const field = `${place}.volumeMounts[${at}]`;
    const [name, path] = [text(mount, 'name'), text(mount, 'mountPath')];
    if (name === '') found.push(required(`${field}.name`));
    if (!room.volumes.has(name)) found.push(notFoundValue(`${field}.name`, name));
    if (path === '') found.push(required(`${field}.mountPath`));
    if (paths.has(path)) found.push(invalidValue(`${field}.mountPath`, path, 'must be unique'));
    paths.add(path);
    const sub = text(mount, 'subPath');
    if (sub.startsWith('/')) found.push(invalidValue(`${place}.volumeMounts.subPath`, sub, 'must be a relative path'));
    if (sub.split('/').includes('..'))
      found.push(invalidValue(`${place}.volumeMounts.subPath`, sub, "must not contain '..'"));
  });
  return found;
}

function hostPortConflicts(containers: readonly Body[], field: string): Problem[] {
  const seen = new Set<string>();
  return containers.flatMap((container, at) =>
    items(container, 'ports').flatMap((port, index) => {
      const host = count(port, 'hostPort');
      if (host === 0) return [];
      const key = `${text(port, 'protocol')}/${text(port, 'hostIP')}/${host}`;
      if (seen.has(key)) return [duplicate(`${field}[${at}].ports[${index}].hostPort`, key)];
      seen.add(key);
      return [];
    }),
  );
}

const probes = (container: Body, place: string): Problem[] => [
  ...validateProbe(child(container, 'livenessProbe'), `${place}.livenessProbe`, true),
  ...validateProbe(child(container, 'readinessProbe'), `${place}.readinessProbe`, false),
  ...validateProbe(child(container, 'startupProbe'), `${place}.startupProbe`, true),
];
