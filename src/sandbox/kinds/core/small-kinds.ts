import { counted, rulesOf } from '../plain-rules.ts';
import { defaultTemplate, validateTemplate } from '../pods/pod-template.ts';

import { child, made } from '../values.ts';
import { ENDPOINTS } from './endpoints.ts';
import { EVENTS } from './events.ts';
import { LIMIT_RANGES } from './limit-ranges.ts';
import { NODES } from './nodes.ts';
import { RESOURCE_QUOTAS } from './resource-quotas.ts';

const SERVICE_ACCOUNTS = rulesOf('serviceaccounts');

const POD_TEMPLATES = counted('podtemplates', ['template'], {
  defaults: (it) => defaultTemplate(made(it, 'template')),
  validateCreate: (it) => validateTemplate(child(it, 'template'), 'template'),
  validateUpdate: (it) => validateTemplate(child(it, 'template'), 'template'),
});

export const CORE_KINDS = [SERVICE_ACCOUNTS, POD_TEMPLATES, ENDPOINTS, NODES, EVENTS, RESOURCE_QUOTAS, LIMIT_RANGES];
