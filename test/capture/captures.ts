import { type CaptureOptions, capturePoint } from '../../src/capture/capture-point.ts';
import { incompleteness } from '../../src/capture/incompleteness.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { PointManifest, Vault } from '../../src/vault/vault.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';
import { object } from './world.ts';

export const clock = { now: () => new Date('2026-11-21T09:30:12.000Z') };
export const many = (count: number, of = 'settings') =>
  Array.from({ length: count }, (_, i) =>
    object(`${of}-${i}`, { namespace: 'default', body: { data: { at: String(i) } } }),
  );
export const take = async (cluster: ScriptedCluster, more: Partial<CaptureOptions> = {}): Promise<PointManifest> =>
  capturePoint({ cluster, vault: more.vault ?? openVault('memory:'), clock, ...more });
export const advance = (cluster: ScriptedCluster, by: number): undefined => {
  cluster.revision += by;
};
export const recordOf = (point: PointManifest, name: string) =>
  point.resources.find(({ resource }) => resource === name);
export const codes = (point: PointManifest) => incompleteness(point).map(({ what, code }) => `${what} ${code}`);
export const names = async (vault: Vault): Promise<string[]> =>
  (await vault.open('latest')).entries.map(({ name }) => name);
