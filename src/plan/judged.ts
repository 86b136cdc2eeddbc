import { closureOf } from '../graph/closure.ts';
import type { Graph } from '../graph/graph.ts';
import { type Draft, isPlanned, objectAt } from './decision.ts';

/** What is judged by quotas, policies and webhook configurations when it is written, and what hangs on those judges itself. Rows throughout. */
export interface Judged {
  /** Judges that are created; one that is there already judges whatever comes, so nothing is gained by waiting. */
  readonly judges: readonly number[];
  /** Judges of the whole cluster and all that hangs on them. */
  readonly onCluster: ReadonlySet<number>;
  /** Judges of one Namespace and all that hangs on them. */
  readonly onNamespace: ReadonlySet<number>;
  /** What judges of the cluster would judge, in the order of keys. */
  readonly everywhere: readonly number[];
  /** What the judges of a Namespace would judge, in the order of keys. */
  inNamespace(namespace: string | undefined): readonly number[];
  /** Pairs [first, judge]: what itself hangs on some judge is judged by those on which nothing hangs. */
  readonly behind: Iterable<readonly [number, number]>;
}

/** `held`: some system is held, so the webhook configurations of systems come back behind their release and wait for no judge. */
export function judgedOf(draft: Draft, planned: readonly number[], ordering: Graph, held: boolean): Judged {
  const scopeOf = (row: number) => objectAt(draft, row).more?.judges;
  const hangingOn = (rows: readonly number[]): ReadonlySet<number> =>
    closureOf(ordering, rows, 'forward', (edge) => edge.strength !== 'soft');
  const judges = planned.filter((row) => draft.decisions[row]?.kind === 'create' && scopeOf(row) !== undefined);
  const ofCluster = judges.filter((row) => scopeOf(row) === 'cluster');
  const onCluster = hangingOn(ofCluster);
  const onNamespace = hangingOn(judges.filter((row) => scopeOf(row) === 'namespace'));
  const isJudge = new Set(judges);
  const nonJudges = [...onCluster].filter((row) => isPlanned(draft, row) && !isJudge.has(row));
  // Where something hangs on a judge of the cluster, that judge cannot wait for the judges of that Namespace, which wait for it.
  const turned = new Set(nonJudges.map((row) => objectAt(draft, row).namespace));
  const lateJudges = [...onNamespace].filter(
    (row) => isPlanned(draft, row) && turned.has(objectAt(draft, row).namespace),
  );
  const late = [...nonJudges, ...lateJudges];
  /** All that is planned and does not itself hang on those judges. */
  const besides = (hanging: ReadonlySet<number>): number[] =>
    planned
      .filter((row) => !hanging.has(row) && !(held && objectAt(draft, row).more?.webhookOf !== undefined))
      .sort((a, b) => (draft.keyRank[a] ?? 0) - (draft.keyRank[b] ?? 0));
  const byNamespace = Map.groupBy(besides(onNamespace), (row) => objectAt(draft, row).namespace);
  return {
    judges,
    onCluster,
    onNamespace,
    everywhere: besides(new Set([...onCluster, ...lateJudges])),
    inNamespace: (namespace) => byNamespace.get(namespace) ?? [],
    behind: ofCluster
      .filter((judge) => late.length > 0 && hangingOn([judge]).size === 1)
      .flatMap((judge) => late.map((row) => [row, judge] as const)),
  };
}
