import type { ResourceName } from '../../objects/key.ts';
import { type FieldSet, setOfPaths } from './field-set.ts';

const paths = (...texts: string[]): FieldSet =>
  setOfPaths(texts.map((text) => text.split('.').map((name) => `f:${name}`)));

const STATUS = paths('status');
const SPEC = paths('spec');
const ALL_BUT_STATUS = paths('spec', 'metadata');

/** What the main resource, and its subresources, do not write although it stands in the body; `none`: nothing. */
const RESETS: Readonly<Record<string, Readonly<Record<string, FieldSet>>>> = {
  pods: {
    status: paths('spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'),
    ephemeralcontainers: paths('status', 'metadata'),
    resize: paths('status', 'metadata'),
  },
  'deployments.apps': { status: paths('spec', 'metadata.labels') },
  'apiservices.apiregistration.k8s.io': { status: ALL_BUT_STATUS },
  'volumeattachments.storage.k8s.io': { status: ALL_BUT_STATUS },
  'flowschemas.flowcontrol.apiserver.k8s.io': { status: ALL_BUT_STATUS },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': { status: ALL_BUT_STATUS },
  'customresourcedefinitions.apiextensions.k8s.io': { status: ALL_BUT_STATUS },
  'certificatesigningrequests.certificates.k8s.io': {
    '': paths('status'),
    status: paths('spec', 'status.conditions'),
    approval: paths('spec', 'status.certificate'),
  },
  namespaces: { finalize: STATUS },
};
/** Names its versions wrongly, so that nothing is reset. */
const NONE = new Set(['servicecidrs.networking.k8s.io']);

/**
 * The fields that a write by this way cannot set and therefore does not own: status on the main resource when it has a status
 * subresource, spec on /status, and what some kinds add. `hasStatus`: discovery lists `<resource>/status`.
 */
export function resetFields(resource: ResourceName, subresource: string, hasStatus: boolean): FieldSet | undefined {
  if (!hasStatus || NONE.has(resource)) return undefined;
  const special = RESETS[resource]?.[subresource];
  if (special !== undefined) return special;
  return subresource === '' ? STATUS : subresource === 'status' ? SPEC : undefined;
}
