import { registerHooks } from 'node:module';
import type { Fault } from '../faults.ts';

const SANDBOX = new URL('../../../src/sandbox/', import.meta.url);

/** Where a fault goes. */
export const placeOf = (fault: Pick<Fault, 'file'>): URL => new URL(fault.file, SANDBOX);

/** The source with the fault in it; throws when the text does not stand in it exactly once. */
export function withFault(source: string, fault: Fault): string {
  const parts = source.split(fault.find);
  if (parts.length !== 2)
    throw new Error(`${fault.name}: its text stands ${parts.length - 1} times in src/sandbox/${fault.file}, not once`);
  return parts.join(fault.replace);
}

/** From now on the module is loaded with the fault in it. Call it before anything of the sandbox is imported. */
export function putIn(fault: Fault): void {
  const place = placeOf(fault).href;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (url !== place) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
      return { ...loaded, source: withFault(text, fault) };
    },
  });
}
