import type { Command } from 'commander';
import type { Vault } from '../vault/vault.ts';
import { cliFault } from './codes.ts';
import type { Surroundings } from './surroundings.ts';
import { quoted } from './words.ts';

export const VAULT_VARIABLE = 'SEAWORTHY_VAULT';

export function addVaultFlag(command: Command): Command {
  return command.option('--vault <dir>', `where recovery points are kept; default: the variable ${VAULT_VARIABLE}`);
}

/** Opens the vault that --vault or the environment names. `VAULT-UNNAMED` when neither does. */
export function openNamedVault(world: Surroundings, given: string | undefined): Promise<Vault> {
  return world.openVault(vaultPlace(world, given));
}

function vaultPlace(world: Surroundings, given: string | undefined): string {
  const place = given ?? world.env[VAULT_VARIABLE] ?? '';
  if (place !== '') return place;
  throw cliFault('VAULT-UNNAMED', 'No vault was named.', {
    hint: `Give --vault DIR, or set ${VAULT_VARIABLE}.`,
  });
}

/** ` --vault DIR` for a command that is suggested; empty when the environment says it. */
export function vaultWords(given: string | undefined): string {
  return given === undefined ? '' : ` --vault ${quoted(given)}`;
}
