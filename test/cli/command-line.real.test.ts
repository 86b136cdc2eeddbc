import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import type { PointManifest } from '../../src/vault/vault.ts';
import { ask, getJson } from '../control-plane/api.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../control-plane/fixture.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const MANY = 3000;
const available = await controlPlaneAvailable();

interface Listed {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string;
      readonly uid: string;
      readonly ownerReferences?: readonly { readonly uid: string }[];
    };
  }[];
}

if (available.kind === 'unavailable')
  test(
    'the command line against real control planes',
    { skip: `${available.why}; ${available.hint}` },
    () => undefined,
  );
else
  describe('the command line, as a program, against two real control planes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-cli-real-'));
    let lost: ControlPlane;
    let fresh: ControlPlane;
    before(async () => {
      [lost, fresh] = await Promise.all([startControlPlane(), startControlPlane()]);
      await makeShop(lost);
    });
    after(async () => {
      await Promise.all([lost?.stop(), fresh?.stop()]);
      rmSync(folder, { recursive: true, force: true });
    });

    /** `when`: sends SIGINT as soon as stderr holds this. */
    async function seaworthy(line: string, when?: RegExp) {
      const child = spawn(process.execPath, [MAIN, ...line.split(' ')], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, SEAWORTHY_VAULT: 'vault', XDG_STATE_HOME: join(folder, 'state') },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let err = '';
      let sent = false;
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        err += piece;
        if (when === undefined || sent || !when.test(err)) return;
        sent = true;
        child.kill('SIGINT');
      });
      const ended = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('close', resolve);
      });
      const [out, code] = await Promise.all([text(child.stdout), ended]);
      return { code, out, err };
    }
    const configMaps = async (plane: ControlPlane): Promise<Listed> =>
      (await getJson(plane, '/api/v1/namespaces/shop/configmaps')) as Listed;

    test('capture, points, plan: what is in the vault is what the server has', async () => {
      const captured = await seaworthy(`capture --kubeconfig ${lost.kubeconfig} -o json`);
      assert.equal(captured.code, 0, captured.err);
      const { point } = JSON.parse(captured.out) as { point: PointManifest };
      const count = point.resources.find(({ resource }) => resource === 'configmaps')?.count ?? 0;
      assert.ok(count > MANY);
      assert.equal((await seaworthy('points show -o json')).code, 0);
      const planned = await seaworthy(`plan --kubeconfig ${fresh.kubeconfig} --out plan.json`);
      assert.equal(planned.code, 0, planned.err);
      assert.match(planned.out, new RegExp(`\\nidentity +create +configmaps +${MANY}\\n`));
      assert.equal((await ask(fresh, 'GET', '/api/v1/namespaces/shop')).status, 404);
    });

    test('Ctrl-C in the middle leaves what can be resumed, and the same command finishes it without writing anything twice', async () => {
      const line = `recover --plan plan.json --kubeconfig ${fresh.kubeconfig} --settle 2`;
      const stopped = await seaworthy(line, /\nidentity: /);
      assert.equal(stopped.code, 130, stopped.err);
      assert.match(stopped.err, /\nerror: INTERRUPTED: .+\nhint: Go on with: seaworthy recover --plan plan\.json /);
      const half = await configMaps(fresh);
      assert.ok(half.items.length > 1 && half.items.length < MANY, `${half.items.length} were there`);
      const resumed = await seaworthy(line);
      assert.equal(resumed.code, 0, `${resumed.err}\n${resumed.out}`);
      assert.match(resumed.err, /\nresuming the run in /);
      assert.match(resumed.out, /\nrecovered: everything planned is there and verified\n$/);
      const whole = new Map((await configMaps(fresh)).items.map(({ metadata }) => [metadata.name, metadata]));
      assert.ok(whole.size >= MANY);
      for (const { metadata } of half.items) assert.equal(whole.get(metadata.name)?.uid, metadata.uid, metadata.name);
      const uids = new Set([...whole.values()].map(({ uid }) => uid));
      for (const { name, ownerReferences } of whole.values())
        for (const { uid } of ownerReferences ?? []) assert.ok(uids.has(uid), `the owner of ${name} is not there`);
    });

    test('a server that is not there is an error with a hint, in text and as JSON', async () => {
      const nowhere = '-s https://127.0.0.1:9 --insecure-skip-tls-verify';
      const plain = await seaworthy(`capture ${nowhere}`);
      assert.equal(plain.code, 1);
      assert.match(plain.err, /\nerror: CONNECTION-LOST: /);
      const told = await seaworthy(`capture -o json ${nowhere}`);
      assert.equal(told.out, '');
      assert.match(told.err.trimEnd().split('\n').at(-1) ?? '', /^\{"error":\{"code":"CONNECTION-LOST"/);
    });

    test('a reader that has seen enough ends it quietly', async () => {
      const child = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" points show -o json | head -n 1`], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, SEAWORTHY_VAULT: 'vault' },
      });
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      assert.equal(out, '{\n');
      assert.doesNotMatch(err, /EPIPE|at .*node:/);
    });
  });

/** A Namespace with many ConfigMaps, every second owned by the one before. */
async function makeShop(plane: ControlPlane): Promise<void> {
  assert.equal((await ask(plane, 'POST', '/api/v1/namespaces', { metadata: { name: 'shop' } })).status, 201);
  const make = async (body: object): Promise<string> => {
    const { status, body: answer } = await ask(plane, 'POST', '/api/v1/namespaces/shop/configmaps', body);
    assert.equal(status, 201, answer);
    return (JSON.parse(answer) as { metadata: { uid: string } }).metadata.uid;
  };
  const pair = async (number: number): Promise<void> => {
    const name = `price-${number}`;
    const uid = await make({ metadata: { name }, data: { tea: '3' } });
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }];
    await make({ metadata: { name: `copy-${number}`, ownerReferences } });
  };
  const width = 16;
  for (let at = 0; at < MANY / 2; at += width)
    await Promise.all(Array.from({ length: Math.min(width, MANY / 2 - at) }, (_, of) => pair(at + of)));
}
