import type { Figures, Share } from './figures.ts';

/** What Seaworthy's own checks say about the data of databases. */
export interface DataChecks {
  readonly verified: number;
  readonly notRun: number;
  readonly failed: number;
}
export interface Closing {
  readonly velero: Figures & { readonly seconds: number; readonly rows: Share };
  readonly seaworthy: Figures & { readonly seconds: number; readonly rows: Share; readonly data: DataChecks };
}
export interface ClosingRow {
  readonly what: string;
  readonly velero: string;
  readonly seaworthy: string;
  /** Undefined: shown, and nothing is asked of it. */
  readonly good?: boolean;
}

const share = ({ good, all }: Share): string => `${good} of ${all}`;
const whole = ({ good, all }: Share): boolean => good === all && all > 0;

/** Both ways side by side; `good` is about Seaworthy's column. */
export function closingRows({ velero, seaworthy }: Closing): readonly ClosingRow[] {
  const shares = (what: string, of: (figures: Figures) => Share): ClosingRow => ({
    what,
    velero: share(of(velero)),
    seaworthy: share(of(seaworthy)),
    good: whole(of(seaworthy)),
  });
  const { verified, notRun, failed } = seaworthy.data;
  return [
    shares('objects back', ({ objectsBack }) => objectsBack),
    shares('owners right', ({ ownersRight }) => ownersRight),
    shares('field ownership kept', ({ fieldsKept }) => fieldsKept),
    shares('databases accepted by their operator', ({ databasesAccepted }) => databasesAccepted),
    {
      what: 'rows of the databases restored',
      velero: share(velero.rows),
      seaworthy: notRun > 0 ? `not run (${share(seaworthy.rows)} there)` : share(seaworthy.rows),
      // Never green by default: what was not run must be said, and what is said to be verified must be there.
      good: failed === 0 && (notRun > 0 ? verified === 0 : whole(seaworthy.rows)),
    },
    {
      what: 'cloud resources created twice',
      velero: String(velero.createdTwice),
      seaworthy: String(seaworthy.createdTwice),
      good: seaworthy.createdTwice === 0 && seaworthy.cloudCreates === 0 && seaworthy.cloudDeletes === 0,
    },
    shares('passwords that applications read, kept', ({ passwordsKept }) => passwordsKept),
    {
      what: 'claims that say Ready=True (proves nothing)',
      velero: share(velero.claimsReady),
      seaworthy: share(seaworthy.claimsReady),
    },
    { what: 'seconds here', velero: velero.seconds.toFixed(1), seaworthy: seaworthy.seconds.toFixed(1) },
  ];
}
