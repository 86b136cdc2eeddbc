import type { KubeObject } from '../../../objects/json.ts';
import { dnsSubdomain } from '../../schema/metadata/names.ts';
import { each, forbiddenField, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { isIP } from '../services/cidr.ts';
import { IP_SENTENCE } from '../services/validate.ts';
import { type Body, child, deep, has, items, text } from '../values.ts';

const FIELD = 'status.loadBalancer.ingress';
const placesOf = (object: KubeObject): readonly Body[] => items(deep(object, 'status', 'loadBalancer'), 'ingress');

/** The status of what a load balancer stands before: a Service (whose places have a mode) or an Ingress. */
function validatePlaces(next: KubeObject, before: KubeObject, withMode: boolean): Problem[] {
  const known = new Set(placesOf(before).map((place) => text(place, 'ip')));
  return placesOf(next).flatMap((place, at) => {
    const field = `${FIELD}[${at}]`;
    const [ip, hostname, mode] = [text(place, 'ip'), text(place, 'hostname'), text(place, 'ipMode')];
    const found: Problem[] = [];
    if (ip !== '' && !known.has(ip) && !isIP(ip)) found.push(invalidValue(`${field}.ip`, ip, IP_SENTENCE));
    if (withMode) {
      const modes = ['Proxy', 'VIP'];
      if (!has(place, 'ipMode')) {
        if (ip !== '') found.push(required(`${field}.ipMode`, 'must be specified when `ip` is set'));
      } else if (ip === '') found.push(forbiddenField(`${field}.ipMode`, 'may not be specified when `ip` is not set'));
      else if (!modes.includes(mode)) found.push(notSupported(`${field}.ipMode`, mode, modes));
    }
    if (hostname !== '') {
      found.push(...each(`${field}.hostname`, hostname, dnsSubdomain(hostname)));
      if (isIP(hostname))
        found.push(invalidValue(`${field}.hostname`, hostname, 'must be a DNS name, not an IP address'));
    }
    return found;
  });
}

export const validateIngressStatus = (next: KubeObject, before: KubeObject): Problem[] =>
  validatePlaces(next, before, false);

export function validateServiceStatus(next: KubeObject, before: KubeObject): Problem[] {
  if (text(child(next, 'spec'), 'type') !== 'LoadBalancer' && placesOf(next).length > 0)
    return [forbiddenField(FIELD, "may only be used when `spec.type` is 'LoadBalancer'")];
  return validatePlaces(next, before, true);
}
