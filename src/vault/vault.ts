import type { ResourceName, Uid } from '../objects/key.ts';
import type { Fault } from '../outcome/fault.ts';

declare const BRAND: unique symbol;
/** `<UTC time as 20261121T093012Z>-<8 hex>`; sorts by time. */
export type PointId = string & { readonly [BRAND]: 'PointId' };
/** Lower-case hex SHA-256 of an object's bytes as the server sent them. */
export type Digest = string & { readonly [BRAND]: 'Digest' };

/** What one resource came to in a capture. */
export interface ResourceRecord {
  readonly resource: ResourceName;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly count: number;
  /** `exact`: of the point's revision. `own`: the list's own revision (aggregated APIs). `none`: the server gave no revision. */
  readonly revision:
    | { readonly kind: 'exact' }
    | { readonly kind: 'own'; readonly revision: string }
    | { readonly kind: 'none' };
  /** A stable code and a sentence when the resource is not complete. */
  readonly missing?: { readonly code: string; readonly sentence: string };
  /** Other served versions, in the server's order. */
  readonly served: readonly string[];
  /** Set when the list came back empty or far smaller than in the newest point before of the same cluster. It does not make the point incomplete. */
  readonly suspect?: { readonly code: string; readonly sentence: string; readonly before: number };
}
/** What was left out by rule, with how many objects where that is known. */
export interface SkipRecord {
  readonly resource: ResourceName;
  readonly rule: string;
  readonly count: number | 'not counted';
}

/** What belongs to a point beside its objects. Everything in it is JSON. */
export interface PointManifest {
  readonly format: 1;
  readonly id: PointId;
  /** RFC 3339, when the first list was answered. */
  readonly takenAt: string;
  readonly tookMs: number;
  readonly cluster: { readonly fingerprint: Uid; readonly name: string; readonly version: string };
  readonly revision: string;
  readonly complete: boolean;
  readonly resources: readonly ResourceRecord[];
  readonly skipped: readonly SkipRecord[];
  /** Group-versions that discovery named and that did not answer; each makes the point incomplete unless a skip rule covers it. */
  readonly dead: readonly {
    readonly group: string;
    readonly version: string;
    readonly why: string;
    /** The rule that leaves out all of the group anyway. */
    readonly rule?: string;
  }[];
  readonly objects: number;
  readonly bytes: number;
}

/** One object of a point, without its body. `row` numbers the objects of a point from 0 in stored order. */
export interface PointEntry {
  readonly row: number;
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: Uid;
  readonly digest: Digest;
}

export interface PointWriter {
  readonly id: PointId;
  /** Says which type the items of a resource have, before the first of them is added: items of built-in lists do not carry it. */
  declare(resource: ResourceName, type: { readonly apiVersion: string; readonly kind: string }): void;
  /** Forgets what was added of one resource (a list that broke off and begins again). */
  discard(resource: ResourceName): void;
  /** Copies the bytes before it returns. Waits only on the local disk, never on the storage behind it. */
  add(entry: Omit<PointEntry, 'row' | 'digest'>, bytes: Uint8Array): Promise<void> | void;
  /** Uploads what is left, then the index, then the manifest: that last key is the commit. */
  commit(manifest: Omit<PointManifest, 'format' | 'id' | 'objects' | 'bytes'>): Promise<PointManifest>;
  /** Removes what was written without a commit. */
  abort(): Promise<void>;
}

/** One object's JSON as the server sent it: items of built-in lists carry no type, so `lacking` has what is not in the text. */
export interface PointText {
  readonly entry: PointEntry;
  readonly text: string;
  readonly lacking: { readonly apiVersion?: string; readonly kind?: string };
}

export interface PointReader {
  readonly manifest: PointManifest;
  /** Entries in stored order: by resource name, then as the server listed them. Held in memory, without bodies. */
  readonly entries: readonly PointEntry[];
  /** One object's JSON bytes with `apiVersion` and `kind` present, digest checked (`VAULT-DAMAGED` when it is not what was written). */
  read(row: number): Promise<Uint8Array>;
  /** All objects in stored order, one frame in memory at a time; digests checked. */
  stream(): AsyncIterable<{ readonly entry: PointEntry; readonly bytes: Uint8Array }>;
  /** The same, as text and a frame at a time, the digests of the frames checked: for who parses every object and keeps none. */
  texts(): AsyncIterable<Iterable<PointText>>;
  close(): Promise<void>;
}

/** A point whose manifest is there and cannot be used: damaged, or of another format version. */
export interface UnusablePoint {
  readonly id: PointId;
  /** `VAULT-DAMAGED` or `VAULT-FORMAT`. */
  readonly fault: Fault;
}

export interface Vault {
  readonly place: string;
  /** The usable points, newest last. A point without a manifest does not exist. */
  points(): Promise<readonly PointManifest[]>;
  /** As `points`, with those whose manifest cannot be used beside them. */
  survey(): Promise<{ readonly points: readonly PointManifest[]; readonly unusable: readonly UnusablePoint[] }>;
  /**
   * `POINT-UNKNOWN` when there is none; `latest` names the newest. An unambiguous prefix of an id is enough.
   * Fails when the newest is unusable: `latest` never falls back to an older one in silence.
   */
  open(id: PointId | 'latest' | string): Promise<PointReader>;
  begin(takenAt: string): Promise<PointWriter>;
  close(): Promise<void>;
}
