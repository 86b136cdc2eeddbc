/** A run of lines that both sides have. */
interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}
interface Step {
  readonly same: boolean;
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}
const AROUND = 3;
const MANY = 200;

/**
 * The hunks of a unified diff, without file names, three lines around each change; matched as difflib matches (longest
 * common runs first), because the server's messages show exactly that.
 */
export function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  return hunks(steps(a, b))
    .map((group) => {
      const [first, last] = [group[0], group.at(-1)];
      if (first === undefined || last === undefined) return '';
      const head = `@@ -${range(first.a[0], last.a[1])} +${range(first.b[0], last.b[1])} @@\n`;
      return head + group.map((step) => stepText(step, a, b)).join('');
    })
    .join('');
}
function stepText(step: Step, a: readonly string[], b: readonly string[]): string {
  const told = (mark: string, lines: readonly string[]): string => lines.map((line) => `${mark}${line}\n`).join('');
  if (step.same) return told(' ', a.slice(...step.a));
  return told('-', a.slice(...step.a)) + told('+', b.slice(...step.b));
}
function range(start: number, stop: number): string {
  const length = stop - start;
  return length === 1 ? String(start + 1) : `${length === 0 ? start : start + 1},${length}`;
}

function steps(a: readonly string[], b: readonly string[]): Step[] {
  const made: Step[] = [];
  let [i, j] = [0, 0];
  for (const match of [...matches(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < match.a || j < match.b) made.push({ same: false, a: [i, match.a], b: [j, match.b] });
    [i, j] = [match.a + match.size, match.b + match.size];
    if (match.size > 0) made.push({ same: true, a: [match.a, i], b: [match.b, j] });
  }
  return made;
}

function matches(a: readonly string[], b: readonly string[]): Match[] {
  const places = new Map<string, number[]>();
  b.forEach((line, at) => {
    const known = places.get(line);
    if (known === undefined) places.set(line, [at]);
    else known.push(at);
  });
  // Lines that are everywhere say nothing about where things match.
  if (b.length >= MANY)
    for (const [line, at] of places) if (at.length > Math.floor(b.length / 100) + 1) places.delete(line);
  const found: Match[] = [];
  const search = (aLow: number, aHigh: number, bLow: number, bHigh: number): void => {
    const best = longest(a, b, places, [aLow, aHigh], [bLow, bHigh]);
    if (best.size === 0) return;
    if (aLow < best.a && bLow < best.b) search(aLow, best.a, bLow, best.b);
    found.push(best);
    const [aNext, bNext] = [best.a + best.size, best.b + best.size];
    if (aNext < aHigh && bNext < bHigh) search(aNext, aHigh, bNext, bHigh);
  };
  search(0, a.length, 0, b.length);
  return joined(found);
}
/** Neighbouring matches are one. */
function joined(found: readonly Match[]): Match[] {
  const made: Match[] = [];
  for (const match of found) {
    const last = made.at(-1);
    if (last !== undefined && last.a + last.size === match.a && last.b + last.size === match.b) {
      made[made.length - 1] = { ...last, size: last.size + match.size };
    } else made.push(match);
  }
  return made;
}

function longest(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  [aLow, aHigh]: readonly [number, number],
  [bLow, bHigh]: readonly [number, number],
): Match {
  let best: Match = { a: aLow, b: bLow, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = aLow; i < aHigh; i += 1) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? '') ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  let { a: i, b: j, size } = best;
  while (i > aLow && j > bLow && a[i - 1] === b[j - 1]) [i, j, size] = [i - 1, j - 1, size + 1];
  while (i + size < aHigh && j + size < bHigh && a[i + size] === b[j + size]) size += 1;
  return { a: i, b: j, size };
}

function hunks(all: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  let group: Step[] = [];
  all.forEach((step, at) => {
    if (!step.same) {
      group.push(step);
      return;
    }
    const size = step.a[1] - step.a[0];
    const [first, last] = [at === 0, at === all.length - 1];
    const head = (lines: number): Step => ({
      same: true,
      a: [step.a[0], step.a[0] + lines],
      b: [step.b[0], step.b[0] + lines],
    });
    const tail = (lines: number): Step => ({
      same: true,
      a: [step.a[1] - lines, step.a[1]],
      b: [step.b[1] - lines, step.b[1]],
    });
    if (first) group.push(tail(Math.min(size, AROUND)));
    else if (last) group.push(head(Math.min(size, AROUND)));
    else if (size > 2 * AROUND) {
      groups.push([...group, head(AROUND)]);
      group = [tail(AROUND)];
    } else group.push(step);
  });
  if (group.some(({ same }) => !same)) groups.push(group);
  return groups;
}
