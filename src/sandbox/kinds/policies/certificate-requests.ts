import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { dnsLabel, dnsSubdomain } from '../../schema/metadata/names.ts';
import { duplicate, forbiddenField, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import type { SubresourceRules } from '../kind-rules.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { type Body, child, count, has, items, made, text, texts } from '../values.ts';

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
const LASTING = ['Approved', 'Denied', 'Failed'];
const UNKNOWN_SIGNER = 'kubernetes.io/legacy-unknown';

function signerProblems(name: string): Problem[] {
  const field = 'spec.signerName';
  if (name === '') return [required(field)];
  if (name === UNKNOWN_SIGNER)
    return [invalidValue(field, name, 'the legacy signerName is not allowed via this API version')];
  const [domain = '', path = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length > 0)
    return [
      invalidValue(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"),
    ];
  const found: Problem[] = [];
  const first = (parts: readonly string[], whole: string, check: typeof dnsLabel): void => {
    const wrong = parts.find((part) => check(part).length > 0);
    if (wrong === undefined) return;
    for (const said of check(wrong))
      found.push(invalidValue(field, whole, `validating label ${JSON.stringify(wrong)}: ${said}`));
  };
  first(domain.split('.'), domain, dnsLabel);
  if (!domain.includes('.'))
    found.push(invalidValue(field, domain, 'should be a domain with at least two segments separated by dots'));
  first(path.split('.'), path, dnsSubdomain);
  return found;
}

/** Whether a request begins as a PEM block of the right type. */
function isRequest(base64: string): boolean {
  const pem = Buffer.from(base64, 'base64').toString('utf8');
  return /-----BEGIN CERTIFICATE REQUEST-----\n[\s\S]*-----END CERTIFICATE REQUEST-----/.test(pem);
}

function conditionProblems(status: Body | undefined): Problem[] {
  const found: Problem[] = [];
  const seen = new Set<string>();
  const field = 'status.conditions';
  items(status, 'conditions').forEach((condition, at) => {
    const [type, value] = [text(condition, 'type'), text(condition, 'status')];
    if (type === '') found.push(required(`${field}[${at}].type`));
    const allowed = LASTING.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (value === '') found.push(required(`${field}[${at}].status`));
    else if (!allowed.includes(value)) found.push(notSupported(`${field}[${at}].status`, value, allowed));
    const other = { Approved: 'Denied', Denied: 'Approved' }[type];
    if (other !== undefined && seen.has(other))
      found.push(invalidValue(field, type, 'Approved and Denied conditions are mutually exclusive'));
    if (seen.has(type)) found.push(duplicate(`${field}[${at}].type`, type));
    seen.add(type);
  });
  return found;
}

function certificateProblems(status: Body | undefined): Problem[] {
  const certificate = text(status, 'certificate');
  if (certificate === '') return [];
  const wrong = (said: string): Problem[] => [invalidValue('status.certificate', '<certificate data>', said)];
  const pem = Buffer.from(certificate, 'base64').toString('utf8');
  const types = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, type = '']) => type);
  if (types.length === 0) return wrong('must contain at least one CERTIFICATE PEM block');
  const other = types.find((type) => type !== 'CERTIFICATE');
  return other === undefined ? [] : wrong(`only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(other)}`);
}

function validate(request: KubeObject): Problem[] {
  const [spec, status] = [child(request, 'spec'), child(request, 'status')];
  const found: Problem[] = [];
  const body = text(spec, 'request');
  if (!isRequest(body)) found.push(invalidValue('spec.request', body, 'PEM block type must be CERTIFICATE REQUEST'));
  const usages = texts(spec, 'usages');
  if (usages.length === 0) found.push(required('spec.usages'));
  usages.forEach((usage, at) => {
    if (!USAGES.includes(usage)) found.push(notSupported(`spec.usages[${at}]`, usage, USAGES));
  });
  usages.forEach((usage, at) => {
    if (usages.indexOf(usage) < at) found.push(duplicate(`spec.usages[${at}]`, usage));
  });
  found.push(...signerProblems(text(spec, 'signerName')));
  const seconds = count(spec, 'expirationSeconds');
  if (has(spec, 'expirationSeconds') && seconds < 600) {
    const said = 'may not specify a duration less than 600 seconds (10 minutes)';
    found.push(invalidValue('spec.expirationSeconds', seconds, said));
  }
  return [...found, ...conditionProblems(status), ...certificateProblems(status)];
}

/** Approval sets what the signer waits for, status the certificate; nothing takes either back. */
function validateChange(next: KubeObject, before: KubeObject, door: '' | 'approval' | 'status'): Problem[] {
  const found = validate(next);
  const field = 'status.conditions';
  const of = (object: KubeObject, type: string): readonly Body[] =>
    items(child(object, 'status'), 'conditions').filter((one) => text(one, 'type') === type);
  for (const type of LASTING)
    if (of(next, type).length < of(before, type).length)
      found.push(forbiddenField(field, `updates may not remove a condition of type ${JSON.stringify(type)}`));
  if (door !== 'approval')
    for (const type of ['Approved', 'Denied']) {
      const [now, was] = [of(next, type), of(before, type)];
      if (now.length > was.length)
        found.push(forbiddenField(field, `updates may not add a condition of type ${JSON.stringify(type)}`));
      else if (now.length === was.length && !sameJson(now as Json, was as Json))
        found.push(forbiddenField(field, `updates may not modify a condition of type ${JSON.stringify(type)}\n`));
    }
  const [now, was] = [text(child(next, 'status'), 'certificate'), text(child(before, 'status'), 'certificate')];
  if (now !== was) {
    if (door !== 'status') found.push(forbiddenField('status.certificate', 'updates may not set certificate content'));
    else if (was !== '')
      found.push(forbiddenField('status.certificate', 'updates may not modify existing certificate content'));
  }
  return found;
}

/** Times of conditions that do not have them yet. */
function stamp(request: Body, before: KubeObject, now: string): void {
  for (const condition of items(child(request, 'status'), 'conditions')) {
    const old = items(child(before, 'status'), 'conditions').find(
      (one) => text(one, 'type') === text(condition, 'type'),
    );
    if (!has(condition, 'lastUpdateTime')) condition.lastUpdateTime = now;
    if (has(condition, 'lastTransitionTime')) continue;
    const same = old !== undefined && text(old, 'status') === text(condition, 'status');
    condition.lastTransitionTime = same ? (old.lastTransitionTime ?? now) : now;
  }
}
const stampOf = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

const APPROVAL: SubresourceRules = {
  prepare(next, before, { now }) {
    next.spec = structuredClone(before.spec ?? {}) as Body;
    const status = structuredClone(before.status ?? {}) as Body;
    const conditions = child(next, 'status')?.conditions;
    if (conditions === undefined) delete status.conditions;
    else status.conditions = conditions;
    next.status = status;
    stamp(next, before, stampOf(now));
  },
  validate: (next, before) => validateChange(next, before, 'approval'),
};

export const CERTIFICATE_REQUESTS = rulesOf('certificates.k8s.io/certificatesigningrequests', {
  prepareCreate(request) {
    request.status = {};
  },
  prepareUpdate(next, before) {
    next.spec = structuredClone(before.spec ?? {}) as Body;
    keepStatus(next, before);
  },
  prepareStatus(next, before, { now }) {
    stamp(next, before, stampOf(now));
    made(next, 'status');
  },
  validateCreate: validate,
  validateUpdate: (next, before) => validateChange(next, before, ''),
  validateStatus: (next, before) => validateChange(next, before, 'status'),
  subresources: { approval: APPROVAL },
  selectable: (request) => ({ 'spec.signerName': text(request.spec, 'signerName') }),
});
