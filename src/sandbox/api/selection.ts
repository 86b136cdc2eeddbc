import type { KubeObject } from '../../objects/json.ts';
import { badRequest } from '../status/refusal.ts';
import { parseLabels } from './label-parser.ts';
import type { ServedKind } from './served-kind.ts';

/** Which objects of a list or a watch are meant. */
export interface Selection {
  /** Nothing is asked for: every object is meant. */
  readonly everything: boolean;
  /** The one name that the field selector asks for. */
  readonly name: string | undefined;
  /** What is asked for, in one text: two selections with the same text select the same. */
  readonly text: string;
  matches(object: KubeObject): boolean;
}

interface FieldTerm {
  readonly label: string;
  readonly value: string;
  readonly equal: boolean;
}

/** Reads `labelSelector` and `fieldSelector` of a request; refuses with 400 as the server does. */
export function selectionOf(
  kind: ServedKind,
  version: string,
  labels: string | undefined,
  fields: string | undefined,
): Selection {
  const byLabel = labels === undefined || labels.trim() === '' ? undefined : parseLabels(labels);
  const terms = fields === undefined || fields === '' ? [] : parseFields(kind, fields);
  const selectable = kind.custom?.selectable(version);
  for (const { label } of terms) {
    if (label === 'metadata.name' || (label === 'metadata.namespace' && kind.namespaced)) continue;
    const known = selectable === undefined ? knownLabels(kind).has(label) : selectable.labels.includes(label);
    if (known || label === 'metadata.namespace') continue;
    throw badRequest(unknownField(kind, label));
  }
  const name = terms.find((term) => term.equal && term.label === 'metadata.name')?.value;
  const valuesOf = (object: KubeObject): Readonly<Record<string, string>> =>
    selectable?.values(object) ?? kind.rules?.selectable?.(object) ?? {};
  const others = terms.filter(({ label }) => !label.startsWith('metadata.'));
  return {
    everything: byLabel === undefined && terms.length === 0,
    name,
    text: `${labels ?? ''}\n${fields ?? ''}`,
    matches(object) {
      const { metadata } = object;
      if (byLabel !== undefined && !byLabel(metadata.labels ?? {})) return false;
      for (const { label, value, equal } of terms) {
        if (label === 'metadata.name' && (metadata.name === value) !== equal) return false;
        if (label === 'metadata.namespace' && ((metadata.namespace ?? '') === value) !== equal) return false;
      }
      if (others.length === 0) return true;
      const values = valuesOf(object);
      return others.every(({ label, value, equal }) => ((values[label] ?? '') === value) === equal);
    },
  };
}

const PROBE = { apiVersion: '', kind: '', metadata: {} } as KubeObject;

/** The field labels of a built-in kind: those that its rules give for any object. */
function knownLabels(kind: ServedKind): ReadonlySet<string> {
  try {
    return new Set(Object.keys(kind.rules?.selectable?.(PROBE) ?? {}));
  } catch {
    return new Set();
  }
}

/** Kinds with field labels of their own word the refusal otherwise than the rest. */
function unknownField(kind: ServedKind, label: string): string {
  if (kind.custom !== undefined) return `field label not supported: ${label}`;
  return kind.rules?.selectable === undefined
    ? `${JSON.stringify(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${label}`;
}

/** What events.k8s.io calls otherwise than it is kept. */
function keptLabel(kind: ServedKind, label: string): string {
  if (kind.group !== 'events.k8s.io') return label;
  if (label === 'reportingController') return 'reportingComponent';
  return label.startsWith('regarding.') ? label.replace('regarding', 'involvedObject') : label;
}

function parseFields(kind: ServedKind, text: string): FieldTerm[] {
  return text
    .split(/(?<!\\),/)
    .filter((part) => part !== '' && part !== '=' && part !== '==')
    .map((part) => {
      const match = /^(.*?)(!=|==|=)(.*)$/s.exec(part);
      if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      const value = (match[3] ?? '').replace(/\\([\\,=])/g, '$1');
      return { label: keptLabel(kind, match[1] ?? ''), value, equal: match[2] !== '!=' };
    });
}
