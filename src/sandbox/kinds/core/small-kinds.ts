import type { KubeObject, MutableJson } from '../../../objects/json.ts';
import type { Problem } from '../../status/problem.ts';
import { dnsLabel, portNumber } from '../names.ts';
import { counted, keepStatus, rulesOf } from '../plain-rules.ts';
import { defaultTemplate, validateTemplate } from '../pods/pod-template.ts';
import { quantity } from '../pods/resources.ts';
import { each, invalidValue, notSupported, required } from '../problems.ts';
import { isIP } from '../services/cidr.ts';
import { IP_SENTENCE, validateEndpointIP } from '../services/validate.ts';
import { type Body, child, count, entries, fill, fillEmpty, items, made, text } from '../values.ts';

const SERVICE_ACCOUNTS = rulesOf('serviceaccounts');

const POD_TEMPLATES = counted('podtemplates', ['template'], {
  defaults: (it) => defaultTemplate(made(it, 'template')),
  validateCreate: (it) => validateTemplate(child(it, 'template'), 'template'),
  validateUpdate: (it) => validateTemplate(child(it, 'template'), 'template'),
});

function validateEndpoints(endpoints: KubeObject): Problem[] {
  const found: Problem[] = [];
  items(endpoints, 'subsets').forEach((subset, at) => {
    const place = `subsets[${at}]`;
    if (items(subset, 'addresses').length + items(subset, 'notReadyAddresses').length === 0) {
      found.push(required(place, 'must specify `addresses` or `notReadyAddresses`'));
    }
    for (const key of ['addresses', 'notReadyAddresses']) {
      items(subset, key).forEach((address, index) => {
        const [ip, field] = [text(address, 'ip'), `${place}.${key}[${index}].ip`];
        found.push(...(isIP(ip) ? validateEndpointIP(ip, field) : [invalidValue(field, ip, IP_SENTENCE)]));
      });
    }
    const ports = items(subset, 'ports');
    ports.forEach((port, index) => {
      const field = `${place}.ports[${index}]`;
      const name = text(port, 'name');
      if (ports.length > 1 && name === '') found.push(required(`${field}.name`));
      else if (name !== '') found.push(...each(`${field}.name`, name, dnsLabel(name)));
      found.push(...each(`${field}.port`, count(port, 'port'), portNumber(count(port, 'port'))));
      const protocols = ['SCTP', 'TCP', 'UDP'];
      const protocol = text(port, 'protocol');
      if (!protocols.includes(protocol)) found.push(notSupported(`${field}.protocol`, protocol, protocols));
    });
  });
  return found;
}
const ENDPOINTS = rulesOf('endpoints', {
  createOnUpdate: true,
  defaults(endpoints) {
    for (const subset of items(endpoints, 'subsets')) {
      for (const port of items(subset, 'ports')) fillEmpty(port, 'protocol', 'TCP');
    }
  },
  validateCreate: validateEndpoints,
  validateUpdate: validateEndpoints,
});

const NODES = rulesOf('nodes', {
  defaults(node) {
    const spec = child(node, 'spec');
    if (text(spec, 'podCIDR') !== '') fill(made(node, 'spec'), 'podCIDRs', [text(spec, 'podCIDR')]);
    const status = child(node, 'status');
    const capacity = child(status, 'capacity');
    if (status !== undefined && capacity !== undefined) fill(status, 'allocatable', { ...capacity });
  },
  prepareUpdate: keepStatus,
  selectable: (node) => ({ 'spec.unschedulable': String((node.spec as Body | undefined)?.unschedulable === true) }),
});

const EVENTS = rulesOf('events', {
  createOnUpdate: true,
  selectable(event) {
    const about = child(event, 'involvedObject');
    const named = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
    return {
      ...Object.fromEntries(named.map((key) => [`involvedObject.${key}`, text(about, key)])),
      reason: text(event, 'reason'),
      reportingComponent: text(event, 'reportingComponent') || text(child(event, 'source'), 'component'),
      source: text(child(event, 'source'), 'component') || text(event, 'reportingComponent'),
      type: text(event, 'type'),
    };
  },
  validateCreate(event) {
    const about = text(child(event, 'involvedObject'), 'namespace');
    const namespace = event.metadata.namespace ?? '';
    return about === namespace || (about === '' && namespace === 'default')
      ? []
      : [invalidValue('involvedObject.namespace', about, 'does not match event.namespace')];
  },
});

function validateQuota(quota: KubeObject): Problem[] {
  return entries(quota.spec, 'hard').flatMap(([name, value]) => {
    const field = `spec.hard[${name}]`;
    const whole = name.startsWith('count/') || WHOLE.includes(name);
    const found = quantity(name, String(value), field);
    if (!name.includes('/') && !WHOLE.includes(name) && !AMOUNTS.test(name)) {
      found.unshift(
        invalidValue(field, name, 'must be a standard resource type or fully qualified'),
        invalidValue(field, name, 'must be a standard resource for quota'),
      );
    }
    if (whole && /[mun]$/.test(String(value))) found.push(invalidValue(field, value, 'must be an integer'));
    return found;
  });
}
const WHOLE = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const AMOUNTS = /^((requests|limits)\.)?(cpu|memory|storage|ephemeral-storage|hugepages-.+)$/;

const RESOURCE_QUOTAS = rulesOf('resourcequotas', {
  prepareCreate(quota) {
    quota.status = {};
  },
  prepareUpdate: keepStatus,
  validateCreate: validateQuota,
  validateUpdate: validateQuota,
});

/** Limits follow maxima, requests follow limits, then minima; for containers only. */
function defaultLimits(range: Body): void {
  for (const limit of items(child(range, 'spec'), 'limits')) {
    if (text(limit, 'type') !== 'Container') continue;
    const follow = (target: string, source: string): void => {
      for (const [name, value] of entries(limit, source)) fill(made(limit, target), name, value as MutableJson);
    };
    follow('default', 'max');
    follow('defaultRequest', 'default');
    follow('defaultRequest', 'min');
  }
}
const LIMIT_RANGES = rulesOf('limitranges', { createOnUpdate: true, defaults: defaultLimits });

export const CORE_KINDS = [SERVICE_ACCOUNTS, POD_TEMPLATES, ENDPOINTS, NODES, EVENTS, RESOURCE_QUOTAS, LIMIT_RANGES];
