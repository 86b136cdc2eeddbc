import type { KubeObject } from '../../../objects/json.ts';
import { child, count, deep, has, items, text, texts } from '../values.ts';
import { age, balancerText, firstThree, labelsText, selectorWords } from './texts.ts';
import { type Cells, nameOf } from './workload-cells.ts';

function externalAddress(service: KubeObject): string {
  const external = texts(service.spec, 'externalIPs');
  switch (text(service.spec, 'type')) {
    case 'ExternalName':
      return text(service.spec, 'externalName');
    case 'LoadBalancer': {
      const all = [balancerText(service), ...external].filter((it) => it !== '').join(',');
      return all === '' ? '<pending>' : all;
    }
    default:
      return external.length === 0 ? '<none>' : external.join(',');
  }
}
function servicePorts(service: KubeObject): string {
  const ports = items(service.spec, 'ports').map((port) => {
    const node = count(port, 'nodePort');
    return `${count(port, 'port')}${node > 0 ? `:${node}` : ''}/${text(port, 'protocol')}`;
  });
  return ports.length === 0 ? '<none>' : ports.join(',');
}
function hosts(ingress: KubeObject): string {
  const rules = items(ingress.spec, 'rules');
  const all = rules.map((rule) => text(rule, 'host')).filter((host) => host !== '');
  if (all.length === 0) return '*';
  const shown = all.slice(0, 3).join(',');
  return all.length > 3 ? `${shown} + ${rules.length - 3} more...` : shown;
}
function endpointAddresses(endpoints: KubeObject): string[] {
  return items(endpoints, 'subsets').flatMap((subset) => {
    const ips = items(subset, 'addresses').map((address) => text(address, 'ip'));
    const ports = items(subset, 'ports');
    if (ports.length === 0) return ips;
    return ports.flatMap((port) => ips.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${count(port, 'port')}`));
  });
}

export const NETWORK_CELLS: Readonly<Record<string, Cells>> = {
  services: (it, now) => [
    nameOf(it),
    text(it.spec, 'type'),
    texts(it.spec, 'clusterIPs')[0] ?? '<none>',
    externalAddress(it),
    servicePorts(it),
    age(it, now),
    labelsText(child(it.spec, 'selector')),
  ],
  endpoints: (it, now) => [nameOf(it), firstThree(endpointAddresses(it)), age(it, now)],
  'endpointslices.discovery.k8s.io': (it, now) => [
    nameOf(it),
    text(it, 'addressType'),
    hasList(it, 'ports')
      ? firstThree(
          items(it, 'ports').map((port) => (has(port, 'port') ? String(count(port, 'port')) : text(port, 'name'))),
        )
      : '<unset>',
    hasList(it, 'endpoints') ? firstThree(items(it, 'endpoints').flatMap((one) => texts(one, 'addresses'))) : '<unset>',
    age(it, now),
  ],
  'ingresses.networking.k8s.io': (it, now) => [
    nameOf(it),
    has(it.spec, 'ingressClassName') ? text(it.spec, 'ingressClassName') : '<none>',
    hosts(it),
    balancerText(it),
    items(it.spec, 'tls').length > 0 ? '80, 443' : '80',
    age(it, now),
  ],
  'ingressclasses.networking.k8s.io'(it, now) {
    const parameters = deep(it.spec, 'parameters');
    const group = has(parameters, 'apiGroup') ? `.${text(parameters, 'apiGroup')}` : '';
    const told =
      parameters === undefined ? '<none>' : `${text(parameters, 'kind')}${group}/${text(parameters, 'name')}`;
    return [nameOf(it), text(it.spec, 'controller'), told, age(it, now)];
  },
  'networkpolicies.networking.k8s.io': (it, now) => [
    nameOf(it),
    selectorWords(deep(it.spec, 'podSelector') ?? {}),
    age(it, now),
  ],
  'ipaddresses.networking.k8s.io'(it, now) {
    const parent = deep(it.spec, 'parentRef');
    const resource = [text(parent, 'resource'), text(parent, 'group')].filter((part) => part !== '').join('.');
    const told = [resource, text(parent, 'namespace'), text(parent, 'name')].filter((part) => part !== '').join('/');
    return [nameOf(it), parent === undefined ? '<none>' : told.toLowerCase(), age(it, now)];
  },
  'servicecidrs.networking.k8s.io': (it, now) => [nameOf(it), texts(it.spec, 'cidrs').join(','), age(it, now)],
};
const hasList = (object: KubeObject, key: string): boolean => Array.isArray(object[key]);
