import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CaptureOptions } from '../../src/capture/capture-point.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { openMemory } from '../../src/storage/memory.ts';
import { vaultOn } from '../../src/vault/open-vault.ts';
import { keysOf } from '../storage/contract.ts';
import { faulty, PlayedFailure } from '../storage/faulty.ts';
import { many, take } from './captures.ts';
import { rejection, type ScriptedCluster } from './scripted-cluster.ts';
import { configMaps, things, world } from './world.ts';

describe('no point is taken, and nothing is left behind,', () => {
  async function refused(cluster: ScriptedCluster, code: string, more: Partial<CaptureOptions> = {}): Promise<void> {
    const storage = openMemory();
    const spool = mkdtempSync(join(tmpdir(), 'seaworthy-capture-'));
    const vault = vaultOn(storage, { spool, packBytes: 1 });
    await assert.rejects(take(cluster, { vault, ...more }), (error) => isFault(error, code));
    assert.deepEqual(await keysOf(storage), []);
    assert.deepEqual(readdirSync(spool), []);
    rmSync(spool, { recursive: true });
  }
  test('when the namespaces cannot be listed', async () => {
    await refused(world([], { namespaces: { script: () => rejection(403, 'forbidden') } }), 'NAMESPACES-REFUSED');
    await refused(world([], { namespaces: { script: () => ({ kind: 'expired' }) } }), 'NAMESPACES-REFUSED');
  });
  test('when another cluster answers at the end', async () => {
    const cluster = world([configMaps(many(3))]);
    cluster.fingerprints = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    await refused(cluster, 'OTHER-CLUSTER');
  });
  test('when it is interrupted, at any moment', async () => {
    for (let at = 0; at <= 12; at++) {
      const controller = new AbortController();
      let lists = 0;
      const stopAt = () => {
        if (lists++ === at) controller.abort();
        return undefined;
      };
      const resources = Array.from({ length: 10 }, (_, i) =>
        things(many(20), { resource: `things${i}`, script: stopAt }),
      );
      const cluster = world(resources, { namespaces: { script: stopAt }, crdScript: { script: stopAt } });
      if (at > 11) controller.abort();
      await refused(cluster, 'CAPTURE-INTERRUPTED', { signal: controller.signal });
      assert.equal(cluster.open, 0, 'no list goes on');
    }
  });
  test('when the vault fails, and it is the vault’s failure that is told', async () => {
    const inner = openMemory();
    const vault = vaultOn(faulty(inner, { failAt: 2 }), { packBytes: 1 });
    await assert.rejects(take(world([configMaps(many(3)), things(many(3))]), { vault }), PlayedFailure);
    assert.deepEqual(await keysOf(inner), []);
    const noSpool = vaultOn(inner, { spool: '/nonexistent/place' });
    await assert.rejects(take(world([]), { vault: noSpool }), (error) => isFault(error, 'VAULT-SPOOL'));
  });
});
