import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { controlPlaneAvailable } from './assets.ts';
import { cachedBuild, kubernetesVersion } from './cache.ts';

async function emptyFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'seaworthy-assets-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('without any server the control plane is unavailable, and how to get it is said', async (t) => {
  await using empty = await emptyFolder();
  const found = await controlPlaneAvailable({ SEAWORTHY_CACHE: empty.path });
  if (existsSync('/usr/local/kubebuilder/bin/kube-apiserver')) return t.skip('this machine has kubebuilder assets');
  assert.equal(found.kind, 'unavailable');
  assert.match(found.kind === 'unavailable' ? found.hint : '', /npm run control-plane/);
});

test('a named folder that lacks the servers is not passed over for another', async () => {
  await using empty = await emptyFolder();
  const found = await controlPlaneAvailable({ ...process.env, KUBEBUILDER_ASSETS: empty.path });
  assert.equal(found.kind, 'unavailable');
  assert.match(found.kind === 'unavailable' ? found.why : '', /^KUBEBUILDER_ASSETS is /);
});

const build = cachedBuild();

test('KUBEBUILDER_ASSETS comes first, and the controller manager may come from the cache', {
  skip: build === undefined && 'nothing is built; run `npm run control-plane`',
}, async () => {
  if (build === undefined) return;
  await using folder = await emptyFolder();
  // The build behaves as the program that it is called.
  for (const name of ['etcd', 'kube-apiserver']) await symlink(build, join(folder.path, name));
  assert.deepEqual(await controlPlaneAvailable({ ...process.env, KUBEBUILDER_ASSETS: folder.path }), {
    kind: 'available',
    origin: 'KUBEBUILDER_ASSETS',
    version: kubernetesVersion(),
    controllerManager: true,
  });
});

test('without Go the builder could not run, which is not a failure of the build', async () => {
  await using empty = await emptyFolder();
  const env = { PATH: empty.path, SEAWORTHY_CACHE: empty.path };
  const run = promisify(execFile)(process.execPath, [join(import.meta.dirname, 'build.ts')], { env });
  await assert.rejects(run, { code: 4, stderr: /^could not run: Go is needed .*install Go/ });
});
