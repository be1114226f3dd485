import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The memory of a process: its resident set. */
export interface MemorySample {
  /** Minutes since the first sample. */
  readonly minutes: number;
  readonly megabytes: number;
}

const interval = 2000;

/** Samples the memory of a process until it is stopped. Without a process there are no samples. */
export function sampleMemory(processId: number | undefined) {
  const samples: MemorySample[] = [];
  const started = performance.now();
  const sample = async () => {
    if (processId === undefined) return;
    const megabytes = await readMemory(processId);
    const minutes = (performance.now() - started) / 60_000;
    if (megabytes !== undefined) samples.push({ minutes, megabytes });
  };
  const timer = setInterval(sample, interval);
  return {
    stop: async (): Promise<readonly MemorySample[]> => {
      clearInterval(timer);
      await sample();
      return samples;
    },
  };
}

/** @returns undefined on a system that has neither of the two */
async function readMemory(processId: number): Promise<number | undefined> {
  const kilobytes = await readFromProc(processId)
    .catch(() => readFromPs(processId))
    .catch(() => undefined);
  return kilobytes === undefined ? undefined : kilobytes / 1024;
}

async function readFromProc(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
}

async function readFromPs(processId: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', `${processId}`]);
  return Number(stdout);
}

/** Whether the memory grows by no more than {@link keptKilobytes} a visit. */
export type MemoryJudgement = 'flat' | 'growing' | 'too short';

/**
 * What a visit may leave, in kilobytes. What the stand-in remembers of it stays until it expires, after an hour or more. The
 * tables are on disk.
 */
export const keptKilobytes = 10;
/** Until then functions start, and what is bounded fills. */
export const shortestMinutes = 9;

/** @param kept what a visit leaves, in kilobytes, see {@link measureKept} */
export function judgeMemory(samples: readonly MemorySample[], kept: number): MemoryJudgement {
  if ((samples.at(-1)?.minutes ?? 0) < shortestMinutes) return 'too short';
  return kept > keptKilobytes ? 'growing' : 'flat';
}

/** How much memory a visit of the second half leaves, in kilobytes. */
export function measureKept(samples: readonly MemorySample[], visitsPerMinute: number): number {
  return (measureSlope(samples) * 1024) / visitsPerMinute;
}

/** The slope of the line that fits the second half of the samples best, in megabytes a minute. */
export function measureSlope(samples: readonly MemorySample[]): number {
  const later = samples.slice(Math.floor(samples.length / 2));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(later.map(({ minutes }) => minutes));
  const y = mean(later.map(({ megabytes }) => megabytes));
  const covariance = mean(later.map(({ minutes, megabytes }) => (minutes - x) * (megabytes - y)));
  return covariance / mean(later.map(({ minutes }) => (minutes - x) ** 2));
}
