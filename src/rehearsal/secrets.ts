import type { Cluster } from '../cluster/port.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName } from '../objects/key.ts';
import { listAll } from '../recover/target-reading.ts';
import type { Captured } from './captured.ts';
import type { Fate } from './fates.ts';

/** What of the captured Secrets that the plan brings back holds what it held. */
export interface SecretsKept {
  readonly kept: number;
  /** There, and some captured value of them is another one or missing. */
  readonly changed: readonly KeyText[];
  /** Written, and not there in the end. */
  readonly gone: readonly KeyText[];
}

const SECRETS = { group: '', version: 'v1', resource: 'secrets' } as const;
const BACK: readonly string[] = ['accepted', 'adopted', 'collected', 'deleted', 'replaced'];

/** Reads every Secret of the stage and holds it against the captured one. */
export async function secretsKept(cluster: Cluster, captured: Captured, fates: readonly Fate[]): Promise<SecretsKept> {
  const wanted = fates.filter(({ key, outcome }) => key.startsWith('secrets/') && BACK.includes(outcome));
  if (wanted.length === 0) return { kept: 0, changed: [], gone: [] };
  const live = new Map<KeyText, JsonObject>();
  await listAll(
    cluster,
    SECRETS,
    () => live.clear(),
    (item) => {
      const { data } = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject;
      live.set(keyTextOf('secrets' as ResourceName, item.namespace, item.name), isJsonObject(data) ? data : {});
    },
  );
  const [changed, gone]: [KeyText[], KeyText[]] = [[], []];
  for (const { key, copyOf } of wanted) {
    const there = live.get(key);
    const before = (await captured.get(copyOf ?? key))?.data;
    if (there === undefined) gone.push(key);
    else if (isJsonObject(before) && Object.entries(before).some(([name, value]) => there[name] !== value))
      changed.push(key);
  }
  return { kept: wanted.length - changed.length - gone.length, changed, gone };
}
