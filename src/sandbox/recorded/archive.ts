import { zstdDecompressSync } from 'node:zlib';

/** Documents by name, unpacked when the first one is asked for and parsed one by one. */
export interface Archive {
  readonly names: readonly string[];
  bytes(name: string): Buffer | undefined;
}

/** Opens what `test/control-plane/record-server.ts` packed; costs nothing before the first call. */
export function archive(base64: string): Archive {
  let opened: { readonly raw: Buffer; readonly places: ReadonlyMap<string, readonly [number, number]> } | undefined;
  const open = (): NonNullable<typeof opened> => {
    if (opened !== undefined) return opened;
    const raw = zstdDecompressSync(Buffer.from(base64, 'base64'));
    const line = raw.indexOf(10);
    const index: [string, number, number][] = JSON.parse(raw.toString('utf8', 0, line));
    const places = new Map(index.map(([name, at, length]) => [name, [line + 1 + at, length] as const]));
    opened = { raw, places };
    return opened;
  };
  return {
    get names() {
      return [...open().places.keys()];
    },
    bytes(name) {
      const { raw, places } = open();
      const place = places.get(name);
      return place === undefined ? undefined : raw.subarray(place[0], place[0] + place[1]);
    },
  };
}
