/** What stands on one volume of PostgreSQL: enough to tell a recovered database from an empty one. */
export interface Database {
  /** Made by initdb; a restored database keeps the one of its origin. */
  readonly systemId: string;
  readonly timeline: number;
  /** Number of the WAL segment that is written next. */
  readonly segment: number;
  /** Committed, in order. */
  readonly rows: readonly string[];
}

/** `%08X%08X%08X` of a 16 MB segment: timeline, log, segment. */
export function walName(timeline: number, segment: number): string {
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');
  return `${hex(timeline)}${hex(Math.floor(segment / 256))}${hex(segment % 256)}`;
}

/** Volumes of database instances by the UID of their PersistentVolumeClaim: what lies on a disk outlives Pods, not the claim. */
export class Disks {
  readonly #databases = new Map<string, Database>();

  read(claim: string): Database | undefined {
    return this.#databases.get(claim);
  }

  write(claim: string, database: Database): void {
    this.#databases.set(claim, database);
  }
}
