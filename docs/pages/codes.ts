import { CAPTURE_CODES, MISSING_CODES, SUSPECT_CODES } from '../../src/capture/codes.ts';
import { SKIP_RULES } from '../../src/capture/skips.ts';
import { CLI_CODES } from '../../src/cli/codes.ts';
import { CLUSTER_CODES } from '../../src/cluster/codes.ts';
import { KNOWLEDGE_CODES } from '../../src/knowledge/codes.ts';
import { SYSTEMS } from '../../src/knowledge/systems.ts';
import { OBJECTS_CODES } from '../../src/objects/codes.ts';
import type { CodeTable } from '../../src/outcome/fault.ts';
import { PLAN_CODES } from '../../src/plan/codes.ts';
import { RECOVER_CODES, STEP_CODES } from '../../src/recover/codes.ts';
import { FATE_CODES, NOT_RUN_CODES, REHEARSAL_CODES } from '../../src/rehearsal/codes.ts';
import { STORAGE_CODES } from '../../src/storage/codes.ts';
import { VAULT_CODES } from '../../src/vault/codes.ts';
import { code, page, table } from './markdown.ts';
import { CHECK_REASONS, PLAN_REASONS } from './plan-codes.ts';

const FAULTS: readonly (readonly [string, CodeTable])[] = [
  ['Command line', CLI_CODES],
  ['Cluster and kubeconfig', CLUSTER_CODES],
  ['Capture', CAPTURE_CODES],
  ['Vault', VAULT_CODES],
  ['Storage', STORAGE_CODES],
  ['Plan', PLAN_CODES],
  ['Recovery', RECOVER_CODES],
  ['Rehearsal', REHEARSAL_CODES],
  ['Objects', OBJECTS_CODES],
  ['Knowledge', KNOWLEDGE_CODES],
];

/** Every code that a command can print. */
export function codesPage(): string {
  const faults = FAULTS.flatMap(([title, codes]) => [
    `### ${title}`,
    table(
      ['code', 'exit', 'meaning'],
      byCode(Object.entries(codes).map(([name, { exit, meaning }]) => [code(name), String(exit), meaning])),
    ),
  ]);
  return page(
    '# Codes',
    'Whatever ends badly, is left out, held back or found carries a stable code and a sentence with the name of the object. Scripts may rely on the codes; the sentences may change.',
    'Exit codes: 0 fine, 1 failed, 2 usage, 3 partial or with findings, 4 could not run, 130 interrupted.',
    'With `-o json` an error is one line of JSON on stderr: `{"error":{"code","sentence","hint","details"}}`; with `-v` also `cause`.',
    '## Errors that end a command',
    ...faults,
    '## Why a point is incomplete',
    'The exit code of the capture is 3.',
    reasons(Object.entries(MISSING_CODES).map(([name, { meaning }]) => [name, meaning])),
    '## Why a list of a point is suspect',
    reasons(Object.entries(SUSPECT_CODES).map(([name, { meaning }]) => [name, meaning])),
    '## What a point leaves out by rule',
    reasons(SKIP_RULES.map(({ code: name, why }) => [name, why])),
    '## Reasons in a plan',
    reasons(Object.entries(PLAN_REASONS)),
    '## How a step of a recovery ended',
    reasons(Object.entries(STEP_CODES)),
    '## Checks after a recovery',
    reasons(Object.entries(CHECK_REASONS)),
    '## What becomes of objects in a rehearsal',
    reasons(Object.entries(FATE_CODES)),
    '## Checks that a rehearsal could not run',
    reasons(Object.entries(NOT_RUN_CODES)),
    '## Rules of systems',
    'What each keeps, removes, delays and why stands on the page of its system.',
    table(
      ['code', 'system'],
      byCode(
        SYSTEMS.flatMap(({ id, rules }) =>
          [...new Set(rules.map((rule) => rule.code))].map((name) => [code(name), `[${id}](knowledge/${id}.md)`]),
        ),
      ),
    ),
  );
}

function reasons(entries: readonly (readonly [string, string])[]): string {
  return table(['code', 'meaning'], byCode(entries.map(([name, meaning]) => [code(name), meaning])));
}
function byCode(rows: readonly (readonly string[])[]): (readonly string[])[] {
  return [...rows].sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}
