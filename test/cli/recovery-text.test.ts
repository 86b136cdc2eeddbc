import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { consentsAsked } from '../../src/cli/render/consents-asked.ts';
import { dryRunText } from '../../src/cli/render/dry-run-text.ts';
import { resultText } from '../../src/cli/render/result-text.ts';
import type { KeyText } from '../../src/objects/key.ts';
import type { Plan, StepId } from '../../src/plan/plan.ts';
import type { CheckResult } from '../../src/recover/checks/check.ts';
import type { DryStep } from '../../src/recover/dry-run.ts';
import type { RunResult } from '../../src/recover/result.ts';

describe('what a recovery came to', () => {
  const plan = { steps: [], findings: [] } as unknown as Plan;
  const result: RunResult = {
    counts: { done: 3, failed: 0, blocked: 0, withheld: 0 },
    failed: [],
    blocked: [],
    withheld: [],
    adopted: [],
    yields: [],
    lost: [],
    remarks: [],
    checks: [],
    notHeld: [],
    seconds: 2,
    writes: 10,
    exit: 0,
  };
  const step = {
    id: 'create secrets/a/b' as StepId,
    kind: 'create',
    reason: { code: 'TERMINATING', sentence: 'it goes' },
  } as const;

  test('is called verified only where every check was carried out', () => {
    assert.match(resultText(plan, result, false), /10 writes in 2\.0 s, 5 a second/);
    assert.match(resultText(plan, result, false), /\nrecovered: everything planned is there and verified\n$/);
    const open: CheckResult = {
      id: 'ready a',
      kind: 'ready',
      status: 'not run',
      code: 'NEEDS-KUBELET',
      sentence: 'no node',
    };
    const text = resultText(plan, { ...result, checks: [open] }, false);
    assert.match(text, /\nready +0 +0 +1\n/);
    assert.match(text, /\nrecovered: everything planned is there; 1 check not run, for want of a node\n$/);
  });

  test('names everything that is not as it should be, with its code, its sentence and what to do', () => {
    const withheld = {
      ...result,
      exit: 3,
      counts: { ...result.counts, withheld: 1 },
      withheld: [step],
      notHeld: ['velero'],
    } as const;
    const text = resultText(plan, withheld, false);
    assert.match(
      text,
      /\nwithheld: 1\n {2}create secrets\/a\/b\n {4}TERMINATING: it goes\n {4}Wait until its deletion/,
    );
    assert.match(text, /\nnot held: velero: /);
    assert.match(text, /\nrecovered in part: the same command goes on/);
    const many = Array.from({ length: 25 }, () => step);
    assert.match(
      resultText(plan, { ...result, exit: 3, failed: many }, false),
      /\nfailed: 25\n[\s\S]*\.\.\. and 5 more: see -o json/,
    );
  });

  test('of a dry run tells accepted, refused and not run apart', () => {
    const refused: DryStep = {
      id: step.id,
      key: 'secrets/a/b' as KeyText,
      status: 'refused',
      reason: { code: 'REFUSED', sentence: 'no' },
    };
    const text = dryRunText({ steps: [refused], counts: { accepted: 0, refused: 1, 'not run': 0 } });
    assert.match(text, /\nrefused +1\n[\s\S]*\n {2}create secrets\/a\/b\n {4}REFUSED: no\n/);
  });
});

describe('the consents that a plan asks for', () => {
  const hold = { kind: 'hold', system: 'cnpg', workloads: [{ target: { key: 'deployments.apps/c/o' } }] };
  const release = {
    kind: 'release',
    system: 'cnpg',
    consent: { flag: 'accept-empty-databases', why: [{ key: 'a', sentence: 'it would be empty' }] },
  };
  const webhook = {
    kind: 'create',
    target: { key: 'w/x' },
    wait: { kind: 'backend', services: [], urls: ['https://out'] },
  };
  const plan = { steps: [hold, release, webhook] } as unknown as Plan;

  test('are told with their flag and why, unless they were given', () => {
    const all = consentsAsked(plan);
    assert.deepEqual(
      all.map((line) => line.split(':')[0]),
      ['--hold-existing', '--accept-empty-databases', '--accept-outside-backends'],
    );
    assert.match(all[0] ?? '', /deployments\.apps\/c\/o/);
    const given = { holdExisting: true, acceptEmptyDatabases: true, acceptOutsideBackends: true };
    assert.deepEqual(consentsAsked(plan, given), []);
  });
});
