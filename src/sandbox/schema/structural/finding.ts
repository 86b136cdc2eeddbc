import type { Problem } from '../../status/problem.ts';

/** One finding before it becomes a problem. `name` is the path as the server's validator writes it (`.spec` or `spec`). */
export interface Finding {
  readonly kind: 'required' | 'enum' | 'too-long' | 'too-many' | 'type' | 'invalid' | 'composite';
  readonly name: string;
  /** Full message; equal ones are told once. */
  readonly text: string;
  readonly value?: unknown;
  readonly limit?: number;
  readonly allowed?: readonly unknown[];
}

/** The problem that a finding is told as. */
export function problemOf(finding: Finding, prefix: string): Problem {
  const tail = finding.name.replace(/^\./, '');
  const path = prefix === '' ? tail : tail === '' ? prefix : `${prefix}.${tail}`;
  const field = path === '' ? '<nil>' : path;
  const { text } = finding;
  switch (finding.kind) {
    case 'required':
      return { kind: 'required', field, detail: '' };
    case 'enum':
      return {
        kind: 'not-supported',
        field,
        value: finding.value,
        supported: (finding.allowed ?? []).map((item) => (typeof item === 'string' ? item : JSON.stringify(item))),
      };
    case 'too-long': {
      const limit = finding.limit ?? 0;
      return { kind: 'too-long', field, detail: `may not be more than ${limit} byte${limit === 1 ? '' : 's'}` };
    }
    case 'too-many': {
      const limit = finding.limit ?? 0;
      const detail = `must have at most ${limit} item${limit === 1 ? '' : 's'}`;
      return { kind: 'too-many', field, value: finding.value as number, detail };
    }
    case 'type':
      return { kind: 'type-invalid', field, value: finding.value ?? '', detail: text };
    case 'invalid':
      return { kind: 'invalid', field, value: finding.value ?? '', detail: text };
    case 'composite':
      return { kind: 'invalid', field: prefix === '' ? '<nil>' : prefix, value: '', detail: text };
  }
}

/** Adds unless the same message is there. */
export function add(findings: Finding[], finding: Finding): void {
  if (!findings.some((known) => known.text === finding.text)) findings.push(finding);
}
