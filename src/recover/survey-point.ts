import type { System } from '../knowledge/language.ts';
import { type Survey, startSurvey } from '../knowledge/survey.ts';
import type { KubeObject } from '../objects/json.ts';
import type { ResourceName } from '../objects/key.ts';
import { parseLean } from '../objects/lean-body.ts';
import type { Selection } from '../plan/plan.ts';
import type { PointReader } from '../vault/vault.ts';
import { parseBody, parseBodyText } from './run-context.ts';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io' as ResourceName;

/**
 * Reads a whole point once and keeps no body: its CustomResourceDefinitions first, because they say what the rest is, then
 * everything in stored order. Faults with BODY-MALFORMED, and as the vault and the survey do.
 */
export async function surveyPoint(
  reader: PointReader,
  selection?: Selection,
  systems?: readonly System[],
  onRead?: (objects: number) => void,
): Promise<Survey> {
  const definitions: KubeObject[] = [];
  const parsed = new Map<number, KubeObject>();
  for (const { resource, row } of reader.entries) {
    if (resource !== DEFINITIONS) continue;
    const body = parseBody(await reader.read(row), row);
    definitions.push(body);
    parsed.set(row, body);
  }
  const surveyor = startSurvey({
    resources: reader.manifest.resources,
    entries: reader.entries,
    definitions,
    ...(selection === undefined ? {} : { selection }),
    ...(systems === undefined ? {} : { systems }),
  });
  let read = 0;
  for await (const texts of reader.texts()) {
    for (const { entry, text, lacking } of texts) {
      const { row } = entry;
      const body = parsed.get(row) ?? Object.assign(parseBodyText(text, row, parseLean), lacking);
      surveyor.add(row, body, text, () => Object.assign(parseBodyText(text, row), lacking));
      read++;
    }
    onRead?.(read);
  }
  return surveyor.finish();
}
