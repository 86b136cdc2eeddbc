/** A generator of numbers 0 <= x < 1: the same for the same seed. Not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/** A UUID of version 4 made from such numbers. */
export function seededUid(random: () => number): string {
  let hex = '';
  for (let index = 0; index < 4; index++)
    hex += Math.floor(random() * 4294967296)
      .toString(16)
      .padStart(8, '0');
  const variant = '89ab'[Math.floor(random() * 4)] as string;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
