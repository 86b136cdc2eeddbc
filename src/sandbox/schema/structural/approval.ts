import type { KubeObject } from '../../../objects/json.ts';
import type { Problem } from '../../status/problem.ts';
import { specOf } from './definition.ts';

const ANNOTATION = 'api-approved.kubernetes.io';
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

/** Whether a definition in a group of the Kubernetes community says that it was approved. */
export interface Approval {
  readonly state: 'approved' | 'bypassed' | 'missing' | 'invalid';
  readonly message: string;
}

/** Undefined for groups that need no approval. */
export function approvalOf(definition: KubeObject): Approval | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(specOf(definition).group ?? '')) return undefined;
  const text = definition.metadata.annotations?.[ANNOTATION] ?? '';
  const quoted = `protected groups must have approval annotation "${ANNOTATION}"`;
  if (text === '') return { state: 'missing', message: `${quoted}, ${SEE}` };
  if (text.startsWith('unapproved')) return { state: 'bypassed', message: `not approved: ${JSON.stringify(text)}` };
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#\s]+/.test(text)) return { state: 'approved', message: `approved in ${text}` };
  return { state: 'invalid', message: `${quoted} with either a URL or a reason starting with "unapproved", ${SEE}` };
}

export function approvalProblems(next: KubeObject, before: KubeObject | undefined): Problem[] {
  const approval = approvalOf(next);
  if (approval === undefined || (before !== undefined && approvalOf(before)?.state === approval.state)) return [];
  const field = `metadata.annotations[${ANNOTATION}]`;
  if (approval.state === 'missing') return [{ kind: 'required', field, detail: approval.message }];
  if (approval.state === 'invalid')
    return [{ kind: 'invalid', field, value: next.metadata.annotations?.[ANNOTATION] ?? '', detail: approval.message }];
  return [];
}
