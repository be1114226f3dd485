import { type CpuShare, makeCpuShare, memoryOfOneCpu } from '../function/cpu-share.ts';
import {
  type FunctionProcess,
  type FunctionSource,
  startFunctionProcess,
} from '../function/function-process.ts';
import { findSpread, median, round } from '../statistics.ts';

/** Something that starts, and then handles two requests. */
export interface Starter {
  readonly name: string;
  /** Who made it. */
  readonly kind: StarterKind;
  readonly source: FunctionSource;
  /** Makes the two requests of one start. */
  prepare(): Promise<readonly [Visit, Visit]>;
}

/**
 * `deployed` are our bundles, `floor` a client that only makes the calls the protocol needs, `defaults` our code
 * bundled by the CDK's defaults.
 */
export type StarterKind = 'deployed' | 'floor' | 'defaults' | 'reference' | 'empty';

/** Makes one request of a process. @throws Error if the response is wrong */
export type Visit = (process: FunctionProcess) => Promise<unknown>;

/** Memory sizes in MB. The last has a whole CPU. */
export const memorySizes = [512, 1_024, memoryOfOneCpu] as const;

/** Medians in milliseconds. */
export interface ColdStart {
  readonly name: string;
  readonly kind: StarterKind;
  /** In MB. */
  readonly memory: number;
  /** From the start of the process to the first response, with what a function primes. */
  readonly whole: number;
  /** The least and the most of it. */
  readonly spread: readonly [number, number];
  /** The import alone. */
  readonly imported: number;
  /** The first and the second request after the import. */
  readonly first: number;
  readonly second: number;
}

/**
 * Starts each of them again and again, in turns. Where this user can't limit CPU shares, only one whole CPU is measured.
 *
 * @param rounds how often each one starts at each memory size
 */
export async function measureColdStarts(
  starters: readonly Starter[],
  rounds: number,
): Promise<readonly ColdStart[]> {
  const shares = memorySizes.map((memory) => ({ memory, share: makeCpuShare(memory) }));
  const usable = shares.filter(({ memory, share }) => share !== undefined || memory === memoryOfOneCpu);
  const cells = starters.flatMap((starter) =>
    usable.map((size) => ({ ...size, starter, runs: [] as Awaited<ReturnType<typeof start>>[] })),
  );
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const { starter, share, runs } of cells) runs.push(await start(starter, share));
    }
  } finally {
    for (const { share } of shares) share?.remove();
  }
  return cells.map(({ starter: { name, kind }, memory, runs }) => {
    const middle = (field: keyof (typeof runs)[number]) => round(median(runs.map((run) => run[field])));
    return {
      name,
      kind,
      memory,
      whole: middle('whole'),
      spread: findSpread(runs.map(({ whole }) => whole)),
      imported: middle('imported'),
      first: middle('first'),
      second: middle('second'),
    };
  });
}

async function start({ source, prepare }: Starter, share: CpuShare | undefined) {
  const [visitFirst, visitSecond] = await prepare();
  const imported = await measureImport(source, share);
  const began = performance.now();
  const process = await startFunctionProcess(source, { share });
  try {
    const loaded = performance.now();
    await visitFirst(process);
    const answered = performance.now();
    await visitSecond(process);
    return {
      whole: answered - began,
      imported,
      first: answered - loaded,
      second: performance.now() - answered,
    };
  } finally {
    await process.stop();
  }
}

/** Without credentials a function primes nothing: this is the import alone. */
async function measureImport({ environment, ...source }: FunctionSource, share: CpuShare | undefined) {
  const { AWS_ACCESS_KEY_ID: _, ...others } = environment;
  const process = await startFunctionProcess({ ...source, environment: others }, { share });
  await process.stop();
  return process.imported;
}
