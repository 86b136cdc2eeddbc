import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from './play.ts';
import type { Story } from './story.ts';

const TENANTS = 6;

/** The demo on sandboxes in this process; the exit code: 0 when Seaworthy's column is what it must be. */
export async function sandboxedDemo(story: Story): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-demo-'));
  const { good } = await play(story, { tenants: TENANTS, folder });
  story.say('');
  story.say(
    "Velero's rules: as Velero 1.18 restores objects, less its volume data, plugins and pace (49 objects a second",
  );
  story.say(
    'when it was measured). Operators, cloud and disks are models of what the real ones did when tried. The seconds',
  );
  story.say(
    'are of this process; "not run": Seaworthy recovers no data of databases yet, and does not say that it did.',
  );
  if (!good) story.alarm('Seaworthy did not do what it must: see the rows marked NO');
  story.chapter(`Try next (vault and plan of this demo were left in ${folder}; delete it when you like)`);
  story.command(`npm run seaworthy -- rehearse --vault ${folder}/vault`);
  story.command(`npm run seaworthy -- plan explain clusters.postgresql.cnpg.io/acme/orders --plan ${folder}/plan.json`);
  story.command('npm run seaworthy -- capture --vault ./vault --context YOUR-CLUSTER');
  return good ? 0 : 1;
}
