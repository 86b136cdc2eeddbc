import { cnpg } from './cnpg.ts';
import { core } from './core.ts';
import { crossplane } from './crossplane.ts';
import type { System } from './language.ts';
import { percona } from './percona.ts';
import { pipelines } from './pipelines.ts';
import { velero } from './velero.ts';

/** Every known system. The first rule of a kind that holds wins, so what speaks of few objects stands before what speaks of many. */
export const SYSTEMS: readonly System[] = [cnpg, crossplane, velero, percona, pipelines, core];
