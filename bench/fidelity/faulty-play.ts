import type { FaultData, FaultReport } from './children/fault-child.ts';
import { line } from './compare.ts';
import type { Fault } from './faults.ts';
import { startSimulated } from './simulated.ts';
import { compareAll, playApart } from './suite.ts';

/** With a fault: until the first script that notices it, its own topics first. Without: every script. */
export async function playFaulty(data: FaultData, fault: Fault | undefined): Promise<FaultReport> {
  const real = new Map(Object.entries(data.real));
  const likely = new Set(fault?.topics ?? []);
  const scripts = [...data.scripts].sort(
    (one, other) => Number(likely.has(other.topic)) - Number(likely.has(one.topic)),
  );
  const lines: Record<string, string[]> = {};
  for (const [at, script] of scripts.entries()) {
    const played = await playApart([script], (users) => startSimulated(users));
    const found = (compareAll([script], real, played).get(script) ?? []).map(line);
    lines[script.name] = found;
    const anyway = new Set(data.anyway[script.name] ?? []);
    const fresh = found.find((one) => !anyway.has(one));
    if (fault !== undefined && fresh !== undefined)
      return { noticed: [{ script: script.name, line: fresh }], played: at + 1, lines: {} };
  }
  return { noticed: [], played: scripts.length, lines };
}
