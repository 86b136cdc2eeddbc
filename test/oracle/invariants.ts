import type { Happening } from './store.ts';

/** What no plan may break; the sentences stand in README.md, where a test looks for each of them. */
export const INVARIANTS = {
  I1: 'Every object of the point has exactly one fate: a create, adopt or merge step, or an omission with a code.',
  I2: 'No child is written before its owner: when an owner is to be written into it, its UID is known.',
  I3: 'No object is written before its namespace is there.',
  I4: 'No object is written before its kind is served, in a version that is served.',
  I5: 'No stale UID stands in the owner references, the claimRef or the rewritten places of any write.',
  I6: 'Nothing is collected, no token Secret deleted and no volume lost, at any moment and in any allowed order.',
  I7: 'The owners of the result are exactly the captured owners that are there in the result, relinked; every dropped one has a recorded reason.',
  I8: 'Nothing that was under deletion is written.',
  I9: 'Needs and afters have no circle, and the order of the list keeps them.',
  I10: 'The plan is the same, byte for byte, whatever the order in which its inputs are listed.',
  I11: 'A PersistentVolume is Retain until it is bound, and has its own policy after.',
  I12: 'A finished Job is never runnable.',
  I13: 'What judges the creation of others comes after them.',
  I14: 'Step ids are unique and every need and after names a step of the plan.',
  I15: 'What its owner or the target makes again, and what is a command, is not written.',
  I16: 'A living object keeps its UID: it serves those it owns, and nothing it owns is relinked elsewhere.',
  I17: 'What is terminating in the target is not touched, nothing is written into a terminating namespace, and only dependents are withheld with it.',
  I18: 'Only what agrees is adopted; what does not agree refuses the plan, and nothing else does.',
  I19: 'A connection Secret named after a UID that changes stands under the new UID too, before its system acts.',
  I20: 'Nothing acts too early: no operator, schedule or rollout acts while something of its own closure is missing.',
  I21: 'What can come back comes back: nothing is omitted or withheld without a cause.',
  I22: 'What was changed for the way is as captured at the end.',
  I23: 'A captured UID that stays in a written object stays by a rule, or with a finding.',
  I24: 'Every reason has a code and a sentence; every omission, drop and refusal has one.',
  I25: 'A step writes what it names: its source, target and row agree with the point.',
  I26: 'The bytes that the product would send are those that the shape of the plan means.',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly object: string;
  readonly sentence: string;
}

/** Which promise is broken when this happens in the store. */
export const BROKEN_BY: Readonly<Record<Happening['kind'], Invariant>> = {
  'no-namespace': 'I3',
  'no-kind': 'I4',
  'already-exists': 'I18',
  'terminating-namespace': 'I17',
  'terminating-object': 'I17',
  'not-found': 'I14',
  'wrong-uid': 'I16',
  collected: 'I6',
  'owner-lost': 'I6',
  'owner-invalid': 'I7',
  'volume-lost': 'I11',
  'volume-released': 'I5',
  'token-deleted': 'I6',
  'job-ran': 'I12',
  'judged-early': 'I13',
};
