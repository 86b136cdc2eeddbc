import { closureOf } from '../graph/closure.ts';
import { Graph, type Strength } from '../graph/graph.ts';
import type { Survey } from '../knowledge/survey.ts';
import { keyTextOf, type ResourceName } from '../objects/key.ts';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io' as ResourceName;
const NAMESPACES = 'namespaces' as ResourceName;

/**
 * How the objects of a point hang together, whatever becomes of them: rows are nodes. A reference that knowledge calls hard
 * is a `linking` edge of kind `refers`, so that a circle of references cannot make planning impossible.
 */
export function kinshipOf(survey: Survey): Graph {
  const graph = new Graph(survey.objects.length);
  const contains = { code: 'NAMESPACE-FIRST', why: 'it stands in the Namespace' };
  const defines = { code: 'DEFINITION-FIRST', why: 'its kind is defined by the CustomResourceDefinition' };
  const owns = { code: 'OWNER-FIRST', why: "its owner reference needs the owner's new UID" };
  const namespaceRow = remembered((name: string) => survey.byKey.get(keyTextOf(NAMESPACES, undefined, name)));
  const rowOfDefinition = remembered((resource: ResourceName) => {
    const definition = survey.vocabulary.ofResource(resource)?.definition;
    return definition === undefined ? undefined : survey.byKey.get(keyTextOf(DEFINITIONS, undefined, definition));
  });
  for (const object of survey.objects) {
    if (object.namespace !== undefined) {
      const namespace = namespaceRow(object.namespace);
      if (namespace !== undefined) graph.add(namespace, object.row, 'contains', 'firm', contains);
    }
    const definitionRow = rowOfDefinition(object.resource);
    if (definitionRow !== undefined) graph.add(definitionRow, object.row, 'defines', 'firm', defines);
    for (const owner of object.owners) {
      const row = survey.byUid.get(owner.uid.toLowerCase());
      if (row !== undefined) graph.add(row, object.row, 'owns', 'linking', owns);
    }
    for (const reference of object.references) {
      const row = survey.byKey.get(reference.to);
      const strength: Strength = reference.strength === 'hard' ? 'linking' : 'soft';
      if (row !== undefined && row !== object.row) graph.add(row, object.row, reference.kind, strength, reference.rule);
    }
    for (const use of object.more?.uses ?? []) {
      const row = survey.byUid.get(use.uid);
      if (row !== undefined && use.action === 'rewrite') graph.add(row, object.row, 'refers', 'linking', use.rule);
    }
  }
  return graph;
}

/** Few names are asked for again and again. */
function remembered<Name extends string>(find: (name: Name) => number | undefined): (name: Name) => number | undefined {
  const known = new Map<Name, number | undefined>();
  return (name) => {
    const row = known.get(name);
    if (row !== undefined || known.has(name)) return row;
    const found = find(name);
    known.set(name, found);
    return found;
  };
}

/**
 * What must come along with what was selected: owners, Namespaces, definitions, hard references; and the parts of every
 * whole with what they own, since half a composite is built a second time. Never what only hangs on it.
 */
export function selectedRows(survey: Survey, kinship: Graph): ReadonlySet<number> {
  let rows: ReadonlySet<number> = new Set(
    survey.objects.filter((object) => object.selected).map((object) => object.row),
  );
  if (rows.size === survey.objects.length) return rows;
  for (;;) {
    const needed = closureOf(kinship, rows, 'backward', (edge) => edge.strength !== 'soft');
    const wholes = [...needed].filter((row) => survey.objects[row]?.more?.whole !== undefined);
    const parts = wholes.flatMap((row) =>
      (survey.objects[row]?.more?.whole?.parts ?? []).flatMap((key) => survey.byKey.get(key) ?? []),
    );
    const more = new Set([...needed, ...ownedBy(kinship, [...wholes, ...parts])]);
    if (more.size === rows.size) return more;
    rows = more;
  }
}

/** What an object owns, directly and through others, itself included. */
export function ownedBy(kinship: Graph, rows: Iterable<number>): Set<number> {
  return closureOf(kinship, rows, 'forward', (edge) => edge.kind === 'owns');
}

/** What cannot be without an object: what it owns, contains and defines, directly and through others; itself included. */
export function hangingOn(kinship: Graph, rows: Iterable<number>): Set<number> {
  return closureOf(
    kinship,
    rows,
    'forward',
    (edge) => edge.kind === 'owns' || edge.kind === 'contains' || edge.kind === 'defines',
  );
}
