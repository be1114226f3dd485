/** Returns numbers from 0 up to 1, always the same for the same seed. */
export type Random = () => number;

/**
 * The generator mulberry32.
 *
 * @param seeds numbers that make the sequence; similar ones make sequences that have nothing in common
 */
export function createRandom(...seeds: readonly number[]): Random {
  let state = seeds.reduce((hash, seed) => scramble((hash ^ seed) + 0x9e3779b9), 0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The last step of MurmurHash3: each bit depends on all bits. */
function scramble(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** How many of independent events occur when `mean` are expected. */
export function drawCount(mean: number, random: Random): number {
  // Of many, the count is nearly the mean, and the loop would take long.
  if (mean > 50) return Math.round(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2);
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/**
 * How long something takes.
 *
 * @param median half take longer
 * @param spread how much longer some take: with 1, one in ten takes twice as long
 */
export function drawTime(median: number, spread: number, random: Random): number {
  return median * Math.exp((random() + random() + random() - 1.5) * spread);
}
