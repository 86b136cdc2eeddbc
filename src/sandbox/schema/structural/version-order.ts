const SHAPE = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const RANK: Readonly<Record<string, number>> = { alpha: 0, beta: 1 };

/** Sorts versions of an API by priority: v2, v1, v1beta2, v1beta1, v1alpha1, then other names by the alphabet. */
export function byPriority(a: string, b: string): number {
  const [left, right] = [SHAPE.exec(a), SHAPE.exec(b)];
  if (left === null && right === null) return a < b ? -1 : a > b ? 1 : 0;
  if (left === null) return 1;
  if (right === null) return -1;
  const rank = (match: RegExpExecArray): number => (match[2] === undefined ? 2 : (RANK[match[2]] ?? 0));
  return rank(right) - rank(left) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0);
}
