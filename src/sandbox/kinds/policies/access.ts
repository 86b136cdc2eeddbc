import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { dnsSubdomain, pathSegment } from '../../schema/metadata/names.ts';
import { each, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { rulesOf } from '../plain-rules.ts';
import { validateSelector } from '../selectors.ts';
import { type Body, child, fillEmpty, items, made, text, texts } from '../values.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Rules of a Role or ClusterRole. */
function validateRules(role: KubeObject, namespaced: boolean): Problem[] {
  const found: Problem[] = [];
  items(role, 'rules').forEach((rule, at) => {
    const place = `rules[${at}]`;
    const urls = texts(rule, 'nonResourceURLs');
    if (texts(rule, 'verbs').length === 0)
      found.push(required(`${place}.verbs`, 'verbs must contain at least one value'));
    if (urls.length > 0) {
      if (namespaced) {
        found.push(
          invalidValue(`${place}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs'),
        );
      }
      if (texts(rule, 'apiGroups').length + texts(rule, 'resources').length + texts(rule, 'resourceNames').length > 0) {
        found.push(
          invalidValue(
            `${place}.nonResourceURLs`,
            urls,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        );
      }
      return;
    }
    if (texts(rule, 'apiGroups').length === 0) {
      found.push(required(`${place}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (texts(rule, 'resources').length === 0) {
      found.push(required(`${place}.resources`, 'resource rules must supply at least one resource'));
    }
  });
  return found;
}
function validateClusterRole(role: KubeObject): Problem[] {
  const found = validateRules(role, false);
  const aggregation = child(role, 'aggregationRule');
  if (aggregation === undefined) return found;
  const selectors = items(aggregation, 'clusterRoleSelectors');
  if (selectors.length === 0) {
    found.push(
      required(
        'aggregationRule.clusterRoleSelectors',
        'at least one clusterRoleSelector required if aggregationRule is non-nil',
      ),
    );
  }
  selectors.forEach((selector, at) => {
    const place = `aggregationRule.clusterRoleSelectors[${at}]`;
    const wrong = validateSelector(selector, place);
    found.push(...wrong);
    if (wrong.length > 0) found.push(invalidValue(place, null, 'invalid label selector.'));
  });
  return found;
}

function defaultBinding(binding: Body): void {
  fillEmpty(made(binding, 'roleRef'), 'apiGroup', GROUP);
  for (const subject of items(binding, 'subjects')) {
    const kind = text(subject, 'kind');
    if (kind === 'User' || kind === 'Group') fillEmpty(subject, 'apiGroup', GROUP);
  }
}
function validateBinding(binding: KubeObject, kinds: readonly string[], namespaced: boolean): Problem[] {
  const role = child(binding, 'roleRef');
  const found: Problem[] = [];
  const [group, kind, name] = [text(role, 'apiGroup'), text(role, 'kind'), text(role, 'name')];
  if (group !== GROUP) found.push(notSupported('roleRef.apiGroup', group, [GROUP]));
  if (!kinds.includes(kind)) found.push(notSupported('roleRef.kind', kind, kinds));
  if (name === '') found.push(required('roleRef.name'));
  else found.push(...each('roleRef.name', name, pathSegment(name)));
  items(binding, 'subjects').forEach((subject, at) => {
    found.push(...subjectFindings(subject, `subjects[${at}]`, namespaced));
  });
  return found;
}
function subjectFindings(subject: Body, place: string, namespaced: boolean): Problem[] {
  const [kind, name, group] = [text(subject, 'kind'), text(subject, 'name'), text(subject, 'apiGroup')];
  const found: Problem[] = name === '' ? [required(`${place}.name`)] : [];
  if (kind === 'ServiceAccount') {
    if (name !== '') found.push(...each(`${place}.name`, name, dnsSubdomain(name)));
    if (group !== '') found.push(notSupported(`${place}.apiGroup`, group, ['']));
    if (!namespaced && text(subject, 'namespace') === '') found.push(required(`${place}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (group !== GROUP) found.push(notSupported(`${place}.apiGroup`, group, [GROUP]));
  } else found.push(notSupported(`${place}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  return found;
}
function bindingUpdate(next: KubeObject, before: KubeObject): Problem[] {
  if (sameJson((next.roleRef ?? null) as Json, (before.roleRef ?? null) as Json)) return [];
  const role = child(next, 'roleRef');
  const told = { APIGroup: text(role, 'apiGroup'), Kind: text(role, 'kind'), Name: text(role, 'name') };
  return [invalidValue('roleRef', told, 'cannot change roleRef')];
}

const inNamespace = (binding: KubeObject): Problem[] => validateBinding(binding, ['Role', 'ClusterRole'], true);
const inCluster = (binding: KubeObject): Problem[] => validateBinding(binding, ['ClusterRole'], false);

export const ACCESS_KINDS = [
  rulesOf(`${GROUP}/roles`, {
    createOnUpdate: true,
    validateCreate: (role) => validateRules(role, true),
    validateUpdate: (role) => validateRules(role, true),
  }),
  rulesOf(`${GROUP}/clusterroles`, {
    createOnUpdate: true,
    validateCreate: validateClusterRole,
    validateUpdate: validateClusterRole,
  }),
  rulesOf(`${GROUP}/rolebindings`, {
    createOnUpdate: true,
    defaults: defaultBinding,
    validateCreate: inNamespace,
    validateUpdate: (next, before) => [...inNamespace(next), ...bindingUpdate(next, before)],
  }),
  rulesOf(`${GROUP}/clusterrolebindings`, {
    createOnUpdate: true,
    defaults: defaultBinding,
    validateCreate: inCluster,
    validateUpdate: (next, before) => [...inCluster(next), ...bindingUpdate(next, before)],
  }),
];
