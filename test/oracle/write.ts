import type { Edit } from '../../src/knowledge/edit.ts';
import type { AmendStep, NamePart, OwnerLink, Target, Writing } from '../../src/plan/plan.ts';
import { at, type Body, isBody, listOf, put, segmentsOf, take, textOf } from './places.ts';
import { apiVersionOf, type Captured } from './world.ts';

/** What a write would be before its owners' UIDs are known: the keys whose UIDs are missing. */
export class UnknownUid extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`the UID of ${key} is not known yet`);
    this.key = key;
  }
}
export type UidOf = (key: string) => string | undefined;

const BY_THE_SERVER = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
  'ownerReferences',
];

/** The body of the first write, by the words of `Writing`: the edited captured body without what servers set, with the named owners only. */
export function firstBody(
  step: { readonly target: Target; readonly writing: Writing },
  captured: Captured,
  uidOf: UidOf,
  name = step.target.name,
): { body: Body; status: unknown } {
  const body = JSON.parse(captured.text) as Body;
  const references = listOf(at(body, 'metadata', 'ownerReferences'));
  apply(body, step.writing.edits, uidOf);
  const status = body.status;
  const metadata = body.metadata as Body;
  for (const field of BY_THE_SERVER) delete metadata[field];
  if (step.writing.status !== 'inline') delete body.status;
  metadata.name = name;
  body.apiVersion = apiVersionOf(step.target.group, step.target.version);
  const owners = ownersAs(
    step.writing.owners.filter((link) => link.kind !== 'relink' || link.when === 'create'),
    references,
    uidOf,
  );
  if (owners.length > 0) metadata.ownerReferences = owners;
  return { body, status: step.writing.status === 'after' ? status : undefined };
}

/** Owner references in captured order, each with the UID that its link means; dropped ones are left out. */
export function ownersAs(links: readonly OwnerLink[], captured: readonly unknown[], uidOf: UidOf): Body[] {
  return [...links]
    .sort((a, b) => a.index - b.index)
    .flatMap((link) => {
      if (link.kind === 'drop') return [];
      const uid = link.kind === 'living' ? link.uid : uidOf(link.owner);
      if (uid === undefined) throw new UnknownUid(link.owner);
      return [{ ...(captured[link.index] as Body), apiVersion: link.apiVersion, uid }];
    });
}

export function nameFrom(parts: readonly NamePart[], uidOf: UidOf): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const uid = uidOf(part.of);
      if (uid === undefined) throw new UnknownUid(part.of);
      return part.form === 'bare' ? uid.replaceAll('-', '') : uid;
    })
    .join('');
}

/** The edits, in their order, at pointers of the captured body. */
export function apply(body: Body, edits: readonly Edit[], uidOf: UidOf): void {
  for (const edit of edits) {
    const fields = segmentsOf(edit.path);
    if (edit.kind === 'remove') take(body, fields);
    else if (edit.kind === 'set') put(body, fields, structuredClone(edit.value));
    else rewrite(body, fields, edit, uidOf);
  }
}

function rewrite(body: Body, fields: string[], edit: Edit & { kind: 'rewrite-uid' }, uidOf: UidOf): void {
  const uid = uidOf(edit.of);
  if (uid === undefined) throw new UnknownUid(edit.of);
  const [was, is] = edit.form === 'bare' ? [edit.was.replaceAll('-', ''), uid.replaceAll('-', '')] : [edit.was, uid];
  const renewed = (text: string): string => text.replace(new RegExp(was, 'gi'), () => is);
  const value = at(body, ...fields);
  if (edit.place === 'value') {
    if (typeof value === 'string') put(body, fields, renewed(value));
    return;
  }
  const field = fields.at(-1);
  const holder = at(body, ...fields.slice(0, -1));
  if (field === undefined || !isBody(holder) || !Object.hasOwn(holder, field)) return;
  delete holder[field];
  put(body, [...fields.slice(0, -1), renewed(field)], value);
}

/** What an amendment does to the living object: the captured values return, and the owners become the whole list. */
export function amend(step: AmendStep, captured: Captured, uidOf: UidOf): (live: Body) => void {
  const references = listOf(at(captured.body, 'metadata', 'ownerReferences'));
  const owners = step.owners.length === 0 ? undefined : ownersAs(step.owners, references, uidOf);
  return (live) => {
    apply(live, step.edits, uidOf);
    if (owners !== undefined) put(live, ['metadata', 'ownerReferences'], owners);
  };
}

/** The leaves that people had edited come into the living object; nothing is taken away. */
export function merge(paths: readonly string[], captured: Captured): (live: Body) => void {
  return (live) => {
    for (const path of paths) {
      const fields = segmentsOf(path);
      const list = fields.findIndex((_, index) => Array.isArray(at(captured.body, ...fields.slice(0, index))));
      const place = list < 0 ? fields : fields.slice(0, list);
      const value = at(captured.body, ...place);
      if (value === undefined) continue;
      const there = at(live, ...place);
      if (Array.isArray(value) && Array.isArray(there)) {
        const texts = new Set(there.map((item) => JSON.stringify(item)));
        put(live, place, [...there, ...value.filter((item) => !texts.has(JSON.stringify(item)))]);
      } else put(live, place, structuredClone(value));
    }
  };
}

/** Whether the captured status says something that a second write brings. */
export const hasStatus = (captured: Captured): boolean => isBody(at(captured.body, 'status'));

export const kindName = (body: unknown): string => textOf(at(body, 'kind'));
