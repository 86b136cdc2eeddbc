import { getAt } from '../objects/pointer.ts';
import { parseBody } from '../recover/run-context.ts';
import type { PointReader } from '../vault/vault.ts';

/** The ranges from which the captured cluster gave Services their addresses; undefined where the point does not say. */
export async function capturedServiceRanges(reader: PointReader): Promise<readonly string[] | undefined> {
  const entry = reader.entries.find(
    ({ resource, name }) => resource === 'servicecidrs.networking.k8s.io' && name === 'kubernetes',
  );
  if (entry === undefined) return undefined;
  const cidrs = getAt(parseBody(await reader.read(entry.row), entry.row), '/spec/cidrs');
  return Array.isArray(cidrs) && cidrs.length > 0 ? cidrs.map(String) : undefined;
}
