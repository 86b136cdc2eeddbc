import { isJsonObject, type JsonObject } from '../../../objects/json.ts';

/** Whether everything that is wanted stands there, whatever else does. */
export function covers(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(found) && found.length === wanted.length && wanted.every((one, index) => covers(found[index], one))
    );
  if (isJsonObject(wanted as never))
    return Object.entries(wanted as JsonObject).every(([field, value]) =>
      covers((found as Record<string, unknown> | undefined)?.[field], value),
    );
  return found === wanted;
}
