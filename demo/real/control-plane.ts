import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { controlPlaneAvailable } from '../../test/control-plane/fixture.ts';
import { say } from './telling.ts';

const BUILD = join(import.meta.dirname, '..', '..', 'test', 'control-plane', 'build.ts');

/** The control plane's version, built first where there is none. Otherwise the exit code with which to end: what is missing was said. */
export async function controlPlane(): Promise<{ readonly version: string } | { readonly exit: number }> {
  const found = await controlPlaneAvailable();
  if (found.kind === 'available' && found.controllerManager) return found;
  if (found.kind === 'unavailable') say(found.why);
  // Whoever names a folder means that one: a build would not be used.
  if (found.kind === 'unavailable' && (process.env.KUBEBUILDER_ASSETS ?? '') !== '') {
    say('let it name a folder with kube-apiserver, etcd and kube-controller-manager, or unset it');
    return { exit: 4 };
  }
  if (found.kind === 'available') say('the control plane that is there has no controller manager');
  say('making one: Kubernetes as published, in one binary of about 120 MB; minutes, and only once');
  const exit = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject).once('exit', (code) => resolve(code ?? 1));
  });
  if (exit === 4) {
    say(
      'Without a control plane there is nothing to show. Either install Go 1.24 or newer (https://go.dev/dl) and run this again,',
    );
    say('or set KUBEBUILDER_ASSETS to a folder with kube-apiserver, etcd and kube-controller-manager');
    say('(`setup-envtest use -p path` of controller-runtime fetches the first two).');
  }
  if (exit !== 0) return { exit };
  const built = await controlPlaneAvailable();
  if (built.kind === 'available' && built.controllerManager) return built;
  say(built.kind === 'unavailable' ? `${built.why}; ${built.hint}` : 'what was built has no controller manager');
  return { exit: 4 };
}
