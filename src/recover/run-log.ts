import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { StepId } from '../plan/plan.ts';
import { recoverFault } from './codes.ts';
import type { EndedRecord, HeldRecord, PartRecord, PostedRecord, RunRecord } from './run-record.ts';

/** How far a step of several writes came. */
export interface Progress {
  readonly posted: PostedRecord | undefined;
  readonly parts: ReadonlySet<PartRecord['part']>;
}
const NOTHING: Progress = { posted: undefined, parts: new Set() };

/**
 * The log of one run: JSON lines, only ever appended, mode 0600. Records of one turn of the event loop are written together,
 * before the next turn begins. A last line without its end, from a process that was killed while writing, is cut off when the log
 * is opened; any other unreadable line faults with RUN-LOG-DAMAGED.
 */
export class RunLog {
  readonly path: string;
  readonly #file: number;
  readonly #ended = new Map<StepId, EndedRecord>();
  readonly #progress = new Map<StepId, { posted: PostedRecord | undefined; parts: Set<PartRecord['part']> }>();
  readonly #held = new Map<StepId, HeldRecord>();
  #complete = false;
  #begun = false;
  #pending = '';
  #scheduled: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(folder: string) {
    this.path = join(folder, 'log.jsonl');
    // Not in append mode: the torn end has to be cut off first.
    this.#file = openSync(this.path, 'a+', 0o600);
    const text = readFileSync(this.path, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) ftruncateSync(this.#file, Buffer.byteLength(text.slice(0, end)));
    for (const [index, line] of text.slice(0, end).split('\n').entries())
      if (line !== '') this.#take(this.#parse(line, index));
  }

  /** Some process worked at this run before. */
  get begun(): boolean {
    return this.#begun;
  }
  /** The newest end of the run left nothing to do. */
  get complete(): boolean {
    return this.#complete;
  }

  /** How the step ended when it was last carried out. */
  ended(id: StepId): EndedRecord | undefined {
    return this.#ended.get(id);
  }
  progress(id: StepId): Progress {
    return this.#progress.get(id) ?? NOTHING;
  }
  held(id: StepId): HeldRecord | undefined {
    return this.#held.get(id);
  }
  /** Everything that the log says was written or adopted, with its UID. */
  *written(): Iterable<Pick<PostedRecord, 'key' | 'uid'>> {
    for (const { posted } of this.#progress.values()) if (posted !== undefined) yield posted;
    for (const { key, uid } of this.#ended.values()) if (key !== undefined && uid !== undefined) yield { key, uid };
  }

  append(record: RunRecord): void {
    this.#take(record);
    this.#pending += `${JSON.stringify(record)}\n`;
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** Writes what is pending. */
  flush(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#pending === '' || this.#closed) return;
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  /** As `flush`, and on the disk when it returns: before something is taken away that only the log still knows. */
  sync(): void {
    this.flush();
    fdatasyncSync(this.#file);
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    closeSync(this.#file);
  }

  #take(record: RunRecord): void {
    switch (record.t) {
      case 'started':
        this.#begun = true;
        this.#complete = false;
        break;
      case 'posted':
        this.#of(record.id).posted = record;
        break;
      case 'part':
        this.#of(record.id).parts.add(record.part);
        break;
      case 'held':
        this.#held.set(record.id, record);
        break;
      case 'ended':
        this.#ended.set(record.id, record);
        if (record.outcome === 'done') this.#progress.delete(record.id);
        break;
      case 'finished':
        this.#complete = record.complete;
        break;
    }
  }

  #of(id: StepId): { posted: PostedRecord | undefined; parts: Set<PartRecord['part']> } {
    let known = this.#progress.get(id);
    if (known === undefined) {
      known = { posted: undefined, parts: new Set() };
      this.#progress.set(id, known);
    }
    return known;
  }

  #parse(line: string, index: number): RunRecord {
    try {
      const record = JSON.parse(line) as RunRecord;
      if (typeof record === 'object' && record !== null && typeof record.t === 'string') return record;
    } catch {
      // Told below.
    }
    closeSync(this.#file);
    this.#closed = true;
    throw recoverFault('RUN-LOG-DAMAGED', `Line ${index + 1} of ${this.path} cannot be read.`, {
      hint: 'Move the folder of this run away and recover anew: what agrees with the point is adopted.',
    });
  }
}
