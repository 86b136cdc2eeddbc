import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openVault } from '../../src/vault/open-vault.ts';
import { configMap, writeSample } from '../vault/sample-point.ts';
import { type Desk, typed } from './typed.ts';

async function candidates(words: readonly string[], desk: Desk = {}): Promise<string[]> {
  const { exit, out } = await typed(['__complete', ...words], desk);
  assert.equal(exit, 0);
  return out.trimEnd().split('\n');
}

describe('completion', () => {
  test('of the first word gives the commands, and not what people do not type', async () => {
    const all = ['capture', 'points', 'plan', 'recover', 'rehearse', 'sandbox', 'version', 'completion', 'help', ':4'];
    assert.deepEqual((await candidates([''])).sort(), all.sort());
    assert.deepEqual(await candidates(['re']), ['recover', 'rehearse', ':4']);
    assert.deepEqual(await candidates(['points', 's']), ['show', ':4']);
  });

  test('of flags gives those of the command, and of their values the choices', async () => {
    assert.deepEqual(await candidates(['recover', '--accept-o']), ['--accept-outside-backends', ':4']);
    assert.deepEqual(await candidates(['plan', '-o', 'j']), ['json', ':4']);
    assert.deepEqual(await candidates(['completion', 'z']), ['zsh', ':4']);
    assert.deepEqual(await candidates(['recover', '--plan', '']), [':0']);
  });

  test('of a point gives those of the vault, the newest first', async () => {
    const vault = openVault('memory:');
    const { id: first } = await writeSample(vault, [configMap(1)], '2026-01-01T00:00:00Z');
    const { id: second } = await writeSample(vault, [configMap(1)], '2026-01-02T00:00:00Z');
    const env = { SEAWORTHY_VAULT: 'memory:' };
    const all = ['latest', second, first, ':4'];
    assert.deepEqual(await candidates(['recover', '--point', ''], { vault, env }), all);
    assert.deepEqual(await candidates(['points', 'show', '--vault', 'v', ''], { vault }), all);
    assert.deepEqual(await candidates(['points', 'diff', first, 'l'], { vault, env }), ['latest', ':4']);
    assert.deepEqual(await candidates(['points', 'show', '']), ['latest', ':4']);
  });

  test('of a context gives those of the kubeconfig, and nothing where it cannot be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-completion-'));
    try {
      const path = join(folder, 'config');
      const context = { cluster: 'c', user: 'u' };
      const contexts = ['production', 'new'].map((name) => ({ name, context }));
      writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'Config', contexts, clusters: [], users: [] }));
      const env = { KUBECONFIG: path };
      assert.deepEqual(await candidates(['plan', '--context', ''], { env }), ['production', 'new', ':4']);
      assert.deepEqual(await candidates(['plan', '--kubeconfig', path, '--context', 'p']), ['production', ':4']);
      assert.deepEqual(await candidates(['plan', '--kubeconfig', '/nowhere', '--context', '']), [':4']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('scripts are accepted by the shells that are here', async (context) => {
    let tried = 0;
    for (const [shell, checker] of [
      ['bash', ['bash', '-n']],
      ['kubectl', ['sh', '-n']],
      ['zsh', ['zsh', '-n']],
      ['fish', ['fish', '--no-execute']],
    ] as const) {
      const { exit, out } = await typed(`completion ${shell}`);
      assert.equal(exit, 0);
      assert.match(out, /seaworthy __complete/);
      const [program, ...flags] = checker;
      const ran = spawnSync(program, flags, { input: out, encoding: 'utf8' });
      if (ran.error !== undefined) context.diagnostic(`${program} is not here`);
      else {
        tried++;
        assert.equal(ran.status, 0, `${shell}: ${ran.stderr}`);
      }
    }
    assert.ok(tried > 0);
  });
});
