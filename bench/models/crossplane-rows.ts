import type { Outcome } from './row.ts';
import type { Editable, Owners } from './scene.ts';

/** One row of the first table of lab 6. `steps` happen in order; then `seconds` pass; then the recorded values are looked at. */
export interface CrossplaneRow {
  readonly row: string;
  readonly version?: '1.20.11' | '2.3.4';
  readonly steps: readonly Step[];
  readonly recorded: Outcome;
}
export type Step =
  | { readonly do: 'run'; readonly who: 'crossplane' | 'providers' | 'everything' }
  | {
      readonly do: 'restore';
      readonly kinds: readonly string[];
      readonly owners: Owners;
      readonly edit?: (object: Editable) => void;
      readonly atOnce?: boolean;
    }
  | { readonly do: 'claim from Git' }
  /** Something in the Namespace of the second cluster has a finalizer, or loses it. */
  | { readonly do: 'hold Namespace'; readonly held: boolean }
  | { readonly do: 'wait'; readonly seconds: number };

const OWNER_FIRST = ['XSQL', 'SQLClaim', 'NopResource', 'Object', 'Secret'];
const ALPHABETICAL = ['Secret', 'NopResource', 'Object', 'SQLClaim', 'XSQL'];
const relinked = (edit?: (object: Editable) => void, kinds = OWNER_FIRST): Step => ({
  do: 'restore',
  kinds,
  owners: 'relinked',
  ...(edit === undefined ? {} : { edit }),
});
const run = (who: 'crossplane' | 'providers' | 'everything'): Step => ({ do: 'run', who });
const wait = (seconds: number): Step => ({ do: 'wait', seconds });
const without =
  (...annotations: readonly string[]) =>
  ({ metadata }: Editable): void => {
    for (const name of annotations)
      if (metadata.annotations !== undefined) delete metadata.annotations[`crossplane.io/${name}`];
  };
const CLEAN: Outcome = {
  creates: 0,
  deletes: 0,
  'managed resources': 3,
  claim: 'Synced=True Ready=True',
  'UIDs of what was restored': 'kept',
  'generation of claim': 1,
  'generation of XR': 1,
  'generation of bucket': 1,
  'generation of Object': 1,
  'generation of db': 2,
  made: ['Secret <uid>-db'],
  'keys of Secret <uid>-db': ['endpoint'],
  'restored Secrets': 'untouched',
};
const DUPLICATES: Outcome = {
  creates: 2,
  deletes: 0,
  'refused writes': ['XSQL my-db-dd57h 409'],
  composites: ['my-db-dd57h'],
  'managed resources': 6,
  'ownerless managed resources': ['Synced=True Ready=True', 'Synced=True Ready=True', 'Synced=True Ready=True'],
  claim: 'Synced=True Ready=True',
  'endpoint of the claim': 'new',
  'password of the claim': 'new',
};

export const CROSSPLANE_ROWS: readonly CrossplaneRow[] = [
  {
    row: 'owners stripped, alphabetical, Crossplane running',
    steps: [run('everything'), { do: 'restore', kinds: ALPHABETICAL, owners: 'stripped' }, wait(20)],
    recorded: DUPLICATES,
  },
  {
    row: 'owners stripped, MRs then XR then claim',
    steps: [
      run('everything'),
      { do: 'restore', kinds: ['Secret', 'NopResource', 'Object', 'XSQL', 'SQLClaim'], owners: 'stripped' },
      wait(20),
    ],
    recorded: {
      creates: 0,
      deletes: 0,
      'managed resources': 3,
      'managed resources owned by the XR': 3,
      "owner of the XR's Secret": 'XSQL my-db-dd57h',
      claim: 'Synced=True Ready=True',
    },
  },
  {
    row: 'XR and claim before MRs',
    steps: [
      run('everything'),
      { do: 'restore', kinds: ['Secret', 'XSQL', 'SQLClaim', 'NopResource', 'Object'], owners: 'stripped' },
      wait(20),
    ],
    recorded: {
      creates: 2,
      'managed resources': 6,
      'references of the XR to captured names': 0,
      claim: 'Synced=True Ready=True',
      'password of the claim': 'new',
    },
  },
  {
    row: 'relinked, Crossplane stopped, then started',
    steps: [relinked(), run('everything'), wait(20)],
    recorded: CLEAN,
  },
  {
    row: 'the same without Secrets',
    steps: [relinked(undefined, ['XSQL', 'SQLClaim', 'NopResource', 'Object']), run('everything'), wait(20)],
    recorded: {
      creates: 0,
      claim: 'Synced=True Ready=True',
      'password of the claim': 'none',
      'Secrets with a password': 0,
    },
  },
  {
    row: 'stale owner UIDs, only the garbage collector running',
    steps: [{ do: 'restore', kinds: OWNER_FIRST, owners: 'stale' }, wait(60)],
    recorded: {
      deletes: 0,
      'managed resources': 3,
      'managed resources being deleted': 3,
      'connection Secrets': 0,
      namespace: 'kept',
    },
  },
  {
    row: 'stale owner UIDs, then the providers, then Crossplane',
    steps: [
      { do: 'restore', kinds: OWNER_FIRST, owners: 'stale' },
      wait(60),
      run('providers'),
      wait(60),
      run('crossplane'),
      wait(30),
    ],
    recorded: {
      deletes: 2,
      'namespace before Crossplane': 'gone',
      'databases made': 1,
      claim: 'Synced=True Ready=True',
      'password of the claim': 'new',
    },
  },
  {
    row: 'stale owner UIDs, everything running',
    // The lab's message names `ns`: its Namespace took longer than the database, which takes 10 s here.
    steps: [
      { do: 'hold Namespace', held: true },
      run('everything'),
      { do: 'restore', kinds: ['Secret', 'NopResource', 'Object', 'XSQL', 'SQLClaim'], owners: 'stale', atOnce: true },
      wait(20),
      { do: 'hold Namespace', held: false },
      wait(10),
      wait(60),
    ],
    recorded: {
      deletes: 2,
      'the captured Namespace': 'gone',
      'said: cannot compose resources: cannot apply composed resource "ns": existing object is not controlled by UID': true,
      'said: cannot create or update connection secret: existing secret is not controlled by UID': true,
      'generation of the XR after 30 s': 'at least 100',
      claim: 'Synced=True Ready=True',
      'password of the claim': 'new',
    },
  },
  {
    row: 'Git only: just the claim',
    steps: [run('everything'), { do: 'claim from Git' }, wait(20)],
    recorded: {
      creates: 2,
      'composites with a new suffix': 1,
      'managed resources': 3,
      claim: 'Synced=True Ready=True',
      'password of the claim': 'new',
      warnings: [],
      namespace: 'kept',
    },
  },
  {
    row: 'XR without resourceRefs',
    steps: [
      relinked((object) => {
        if (object.kind === 'XSQL') delete object.spec?.resourceRefs;
      }),
      run('everything'),
      wait(20),
    ],
    recorded: { creates: 2, 'managed resources': 6, 'managed resources owned by the XR': 6 },
  },
  {
    row: 'external-name removed',
    steps: [relinked(without('external-name')), run('everything'), wait(40)],
    recorded: {
      creates: 1,
      'managed resources': 3,
      'databases of the claim': 2,
      'external-name of bucket': 'my-db-dd57h-b6f25',
      'external-name of Object': 'my-db-dd57h-n66vf',
      'endpoint of the claim': 'new',
      'password of the claim': 'old',
      claim: 'Synced=True Ready=True',
    },
  },
  {
    row: 'also external-create-succeeded removed, -pending kept',
    steps: [relinked(without('external-name', 'external-create-succeeded')), run('everything'), wait(20)],
    recorded: {
      creates: 0,
      'said: cannot determine creation result - remove the crossplane.io/external-create-pending annotation if it is safe to proceed': true,
    },
  },
  {
    row: '2.3.4, relinked',
    version: '2.3.4',
    steps: [relinked(), run('everything'), wait(20)],
    recorded: { creates: 0, claim: 'Synced=True Ready=True', 'password of the claim': 'old' },
  },
  {
    row: '2.3.4, stripped alphabetical',
    version: '2.3.4',
    steps: [run('everything'), { do: 'restore', kinds: ALPHABETICAL, owners: 'stripped' }, wait(20)],
    recorded: DUPLICATES,
  },
];
