import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { contextWords, kubeFlags } from '../../src/cli/context-flags.ts';
import { exitOfPlan } from '../../src/cli/plan-exit.ts';
import { amountOf, bytesText, timeText } from '../../src/cli/render/amounts.ts';
import { columns } from '../../src/cli/render/columns.ts';
import { nextAfter } from '../../src/cli/render/next-after.ts';
import { ProgressLine } from '../../src/cli/render/progress-line.ts';
import { processSurroundings, type Surroundings } from '../../src/cli/surroundings.ts';
import { quoted, typedAgain } from '../../src/cli/words.ts';
import type { Omission, Refusal } from '../../src/plan/plan.ts';
import { STEP_CODES } from '../../src/recover/codes.ts';

const reason = { code: 'A', sentence: 'a' };

describe('the exit code of a plan', () => {
  test('0 without findings, 3 with some, 1 when something refuses it', () => {
    const note = { severity: 'note', reason } as const;
    const warning = { severity: 'warning', reason } as const;
    const omission = { kind: 'omitted', key: 'a/b', row: 0, origin: 'target', reason } as unknown as Omission;
    const refusal: Refusal = { reason, hint: '' };
    assert.equal(exitOfPlan({ findings: [note], omissions: [omission] }, []), 0);
    assert.equal(exitOfPlan({ findings: [warning], omissions: [] }, []), 3);
    assert.equal(exitOfPlan({ findings: [], omissions: [{ ...omission, kind: 'withheld' }] }, []), 3);
    assert.equal(exitOfPlan({ findings: [warning], omissions: [] }, [refusal]), 1);
  });
});

describe('a command that is suggested', () => {
  test('never holds the token that was typed', () => {
    const words = ['recover', '--token', 'geheim', '--point', 'latest'];
    assert.equal(typedAgain(words), 'recover --token TOKEN --point latest');
    assert.equal(typedAgain(['plan', '--token=geheim']), 'plan --token=TOKEN');
    const flags = kubeFlags({ token: 'geheim', context: 'new one', asGroup: ['a', 'b'], vault: 'v', output: 'json' });
    assert.equal(contextWords(flags), " --context 'new one' --token TOKEN --as-group a --as-group b");
  });

  test('names the point by its id, since latest may be another one by then', () => {
    assert.equal(typedAgain(['recover', '--point', 'latest', '-n', 'a'], '2026'), 'recover --point 2026 -n a');
    assert.equal(typedAgain(['recover', '--point=latest'], '2026'), 'recover --point=2026');
    assert.equal(typedAgain(['recover', '--plan', 'a b'], '2026'), "recover --plan 'a b'");
  });

  test('quotes words as a shell reads them', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        const text = quoted(word);
        const read = text.startsWith("'") ? text.slice(1, -1).replaceAll("'\\''", "'") : text;
        assert.equal(read, word);
        if (!text.startsWith("'")) assert.match(text, /^[\w@%+=:,./-]+$/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('progress', () => {
  const watch = (terminal: boolean) => {
    let [told, at] = ['', 0];
    const world = {
      ...processSurroundings(['node', 'seaworthy']),
      err: (text: string) => {
        told += text;
      },
      terminal,
      columns: () => 30,
      now: () => new Date(at),
    } satisfies Surroundings;
    const line = new ProgressLine(world);
    return {
      line,
      told: () => told,
      pass: (millis: number) => {
        at += millis;
      },
    };
  };

  test('rewrites one line on a terminal, no wider than it, and leaves nothing behind', () => {
    const { line, told, pass } = watch(true);
    line.show('workloads', '1 of 90 steps');
    pass(200);
    line.show('workloads', '40 of 90 steps, and much more than fits');
    line.end();
    assert.ok(!told().includes('\n'));
    for (const piece of told().split('\r\u001b[2K')) assert.ok(piece.length < 30, piece);
    assert.ok(told().endsWith('\r\u001b[2K'));
  });

  test('is a line when the stage changes and now and then where there is no terminal', () => {
    const { line, told, pass } = watch(false);
    for (let second = 0; second < 12; second++) {
      line.show('workloads', `${second} of 12`);
      pass(1000);
    }
    line.show('release', '');
    assert.equal(told(), 'workloads: 0 of 12\nworkloads: 5 of 12\nworkloads: 10 of 12\nrelease\n');
  });
});

describe('figures', () => {
  test('read well', () => {
    assert.deepEqual([0, 999, 1000, 1_234_567, 250_000_000].map(bytesText), [
      '0 B',
      '999 B',
      '1.0 kB',
      '1.2 MB',
      '250 MB',
    ]);
    assert.deepEqual([20, 1500, 59_000, 61_000, 7_260_000].map(timeText), [
      '20 ms',
      '1.5 s',
      '59 s',
      '1 min 1 s',
      '2 h 1 min',
    ]);
    assert.deepEqual([amountOf(1, 'write'), amountOf(2, 'write')], ['1 write', '2 writes']);
  });

  test('in a table stand below each other, numbers to the right', () => {
    const text = columns(
      ['NAME', 'COUNT'],
      [
        ['long-name', '5'],
        ['b', '123'],
      ],
    );
    assert.equal(text, 'NAME       COUNT\nlong-name      5\nb            123\n');
  });
});

test('every way in which a step can end badly by itself comes with what to do next', () => {
  const byAnother = ['BLOCKED', 'WITHHELD', 'NO-CONTROLLER-MANAGER'];
  const silent = Object.keys(STEP_CODES).filter((code) => nextAfter(code) === undefined && !byAnother.includes(code));
  assert.deepEqual(silent, []);
});

test('NO_COLOR and pipes give plain text', () => {
  const { colour } = processSurroundings(['node', 'seaworthy']);
  assert.equal(colour.out, process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '');
});

test('the program knows under which name it was called', () => {
  assert.equal(processSurroundings(['node', '/usr/local/bin/kubectl-seaworthy']).program, 'kubectl seaworthy');
  assert.equal(processSurroundings(['node', '/app/dist/cli/main.js', 'plan']).program, 'seaworthy');
  assert.deepEqual(processSurroundings(['node', 'x', 'plan', '-o']).words, ['plan', '-o']);
});
