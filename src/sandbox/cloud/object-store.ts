import { type Database, walName } from './database.ts';

/** As `backup.info` says it (postgres 4.2). */
export interface BaseBackup {
  /** `20261121T091229`. */
  readonly id: string;
  readonly status: 'DONE' | 'FAILED';
  readonly beginTime: string;
  readonly endTime: string | undefined;
  readonly beginWal: string;
  readonly endWal: string;
  readonly timeline: number;
  readonly systemId: string;
  readonly data: Database;
}
/** One archived segment: the commits in it. */
export interface WalSegment {
  readonly name: string;
  readonly timeline: number;
  readonly number: number;
  readonly systemId: string;
  readonly commits: readonly string[];
  readonly archivedAt: number;
}
interface Prefix {
  readonly backups: BaseBackup[];
  readonly segments: Map<string, WalSegment>;
  archiving: boolean;
}

/** What came of a recovery: the database, or why there is none. */
export type Recovered =
  | { readonly kind: 'recovered'; readonly database: Database; readonly backup: string; readonly lastWal: string }
  | { readonly kind: 'no-backup' }
  | { readonly kind: 'no-first-segment'; readonly segment: string };

/**
 * An object store as barman-cloud fills it: base backups and WAL by prefix (`destinationPath/serverName`). Uploads are
 * unconditional; whether archiving stopped nobody is told (the incident of DESIGN 1).
 */
export class ObjectStore {
  readonly #prefixes = new Map<string, Prefix>();

  /** The knob behind a silent loss: from now on what is archived under the prefix does not arrive. */
  stopArchiving(prefix: string): void {
    this.#at(prefix).archiving = false;
  }
  isArchiving(prefix: string): boolean {
    return this.#at(prefix).archiving;
  }

  archive(prefix: string, database: Database, commits: readonly string[], now: number): boolean {
    const at = this.#at(prefix);
    if (!at.archiving) return false;
    const name = walName(database.timeline, database.segment);
    at.segments.set(name, {
      name,
      timeline: database.timeline,
      number: database.segment,
      systemId: database.systemId,
      commits,
      archivedAt: now,
    });
    return true;
  }

  backUp(prefix: string, database: Database, now: number): BaseBackup {
    const time = new Date(now).toISOString();
    const wal = walName(database.timeline, database.segment);
    const backup: BaseBackup = {
      id: time.slice(0, 19).replaceAll(/[-:]/g, ''),
      status: 'DONE',
      beginTime: time,
      endTime: time,
      beginWal: wal,
      endWal: wal,
      timeline: database.timeline,
      systemId: database.systemId,
      data: database,
    };
    this.#at(prefix).backups.push(backup);
    return backup;
  }

  backups(prefix: string): readonly BaseBackup[] {
    return this.#at(prefix).backups;
  }
  segments(prefix: string): readonly WalSegment[] {
    return [...this.#at(prefix).segments.values()];
  }
  /** A segment is lost, as by a lifecycle rule. */
  lose(prefix: string, segment: string): void {
    this.#at(prefix).segments.delete(segment);
  }

  /** barman-cloud-check-wal-archive: anything that is WAL under the prefix fails it (postgres 3.2). */
  isEmptyArchive(prefix: string): boolean {
    return this.#at(prefix).segments.size === 0;
  }

  /** When the last segment arrived (ms); undefined when none ever did. */
  archivedUpTo(prefix: string): number | undefined {
    return this.segments(prefix).reduce<number | undefined>(
      (latest, { archivedAt }) => (latest === undefined || archivedAt > latest ? archivedAt : latest),
      undefined,
    );
  }

  /** Newest usable base backup (or the one that is named), then WAL up to the first hole, which ends it without an error (postgres 3.1). */
  recover(prefix: string, backupId?: string): Recovered {
    const at = this.#at(prefix);
    const usable = at.backups.filter(
      (backup) => backup.endTime !== undefined && (backupId === undefined || backup.id === backupId),
    );
    const base = usable.at(-1);
    if (base === undefined) return { kind: 'no-backup' };
    let { timeline, segment } = base.data;
    const rows = [...base.data.rows];
    let lastWal = '';
    if (at.segments.get(walName(timeline, segment)) === undefined)
      return { kind: 'no-first-segment', segment: walName(timeline, segment) };
    for (;;) {
      const next = at.segments.get(walName(timeline, segment));
      if (next !== undefined && next.systemId === base.systemId) {
        rows.push(...next.commits);
        lastWal = next.name;
        segment++;
      } else if (at.segments.has(walName(timeline + 1, segment))) timeline++;
      else break;
    }
    // Promotion opens a new timeline: the child never overwrites a segment of its origin.
    const database: Database = { systemId: base.systemId, timeline: timeline + 1, segment, rows };
    return { kind: 'recovered', database, backup: base.id, lastWal };
  }

  #at(prefix: string): Prefix {
    const known = this.#prefixes.get(prefix);
    if (known !== undefined) return known;
    const fresh: Prefix = { backups: [], segments: new Map(), archiving: true };
    this.#prefixes.set(prefix, fresh);
    return fresh;
  }
}
