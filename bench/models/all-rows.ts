import { capturedObjects } from './captured.ts';
import { playCnpg } from './cnpg-play.ts';
import { CNPG_ROWS } from './cnpg-rows.ts';
import { LIFE_ROWS, relinkedWorld } from './crossplane-life-rows.ts';
import { playCrossplane } from './crossplane-play.ts';
import { CROSSPLANE_ROWS } from './crossplane-rows.ts';
import { CrossplaneWorld } from './crossplane-world.ts';
import { DATA_ROWS } from './data-rows.ts';
import { DISOWNING_ROWS } from './disowning-rows.ts';
import { playRestore } from './restore-play.ts';
import { RESTORE_ROWS } from './restore-rows.ts';
import type { Compared, Outcome } from './row.ts';
import { SERVER_ROWS } from './server-rows.ts';

/** Rows of the tables of lab 5 (7), lab 6 (15, 4 paused, 12 disowning and orphaning) and lab 8 (14); a row with several cases counts each. */
export const ROWS_OF_THE_TABLES = 52;

export interface Asked {
  /** Part of the name of the rows that are wanted; default all. */
  readonly only?: string;
  readonly say?: (line: string) => void;
}

/** Plays every row; undefined when the captured clusters are not there. A row that breaks off is a row that differs. */
export async function allRows({
  only = '',
  say = () => undefined,
}: Asked = {}): Promise<readonly Compared[] | undefined> {
  const [pg, xp] = [capturedObjects('cnpg-cluster'), capturedObjects('crossplane-cluster')];
  if (pg === undefined || xp === undefined) return undefined;
  const rows: Compared[] = [];
  const play = async (
    table: string,
    row: string,
    recorded: Outcome,
    playing: () => Promise<Outcome>,
  ): Promise<void> => {
    if (!`${table}: ${row}`.includes(only)) return;
    let simulated: Outcome = {};
    try {
      simulated = await playing();
    } catch (error) {
      say(`lab ${table}: ${row}: broke off: ${error instanceof Error ? error.message : String(error)}`);
    }
    rows.push({ table, row, recorded, simulated });
  };
  const inWorld = async (
    version: '1.20.11' | '2.3.4' | undefined,
    act: (world: CrossplaneWorld) => Promise<Outcome>,
  ): Promise<Outcome> => {
    const world = await CrossplaneWorld.open(xp, version === undefined ? {} : { version });
    try {
      return await act(world);
    } finally {
      await world.close();
    }
  };
  for (const row of CNPG_ROWS) await play('5', row.row, row.recorded, () => playCnpg(pg, row));
  for (const row of CROSSPLANE_ROWS)
    await play('6', row.row, row.recorded, () => inWorld(row.version, (world) => playCrossplane(world, row)));
  for (const row of [...LIFE_ROWS, ...DISOWNING_ROWS])
    await play(row.table, row.row, row.recorded, () =>
      inWorld(undefined, async (world) => {
        await relinkedWorld(world);
        return row.play(world);
      }),
    );
  for (const row of [...RESTORE_ROWS, ...SERVER_ROWS]) await play('8', row.row, row.recorded, () => playRestore(row));
  for (const row of DATA_ROWS) await play('8', row.row, row.recorded, () => row.play([pg, xp]));
  return rows;
}
