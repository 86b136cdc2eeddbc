import { isStorageForm } from './api/conversion.ts';
import { DEFAULTS_ELSEWHERE } from './api/converters.ts';
import type { Decoding } from './api/parts.ts';
import { decodeBuiltIn } from './schema/decode.ts';

/** Decoding of bodies by the kinds' types, with the defaults of their rules. */
export const serverDecoding: Decoding = {
  decode(body, kind, version) {
    if (kind.custom !== undefined)
      return kind.custom.decode(body, version).map((path) => `unknown field ${JSON.stringify(path)}`);
    const complaints = decodeBuiltIn(body, { group: kind.group, version, kind: kind.kind });
    // Rules know the form of the store; a body of another version gets its defaults when it has that form.
    if (isStorageForm(kind, version)) kind.rules?.defaults?.(body);
    else DEFAULTS_ELSEWHERE.get(`${kind.resource}/${version}`)?.(body);
    return complaints;
  },
  complete(body, kind, version) {
    if (kind.custom !== undefined) {
      kind.custom.complete(body, version);
      return;
    }
    decodeBuiltIn(body, { group: kind.group, version, kind: kind.kind });
    if (isStorageForm(kind, version)) kind.rules?.defaults?.(body);
  },
};
