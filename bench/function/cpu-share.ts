import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The memory with which a function has one whole CPU. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const memoryOfOneCpu = 1_769;

/** Linux throttles a group that has used its share of each period, here in microseconds. Lambda's period is of this order. */
const period = 20_000;

/** A group of processes that have a share of a CPU between them. */
export interface CpuShare {
  /** A process that writes its id into this file has the share, and its children. */
  readonly processesFile: string;
  remove(): void;
}

/**
 * Makes a group with the CPU that Lambda gives to a memory size. Linux lets only some users do so, in most cases root.
 *
 * @param memory in MB
 * @returns undefined when this user can't make one
 */
export function makeCpuShare(memory: number): CpuShare | undefined {
  const quota = Math.round((period * memory) / memoryOfOneCpu);
  const name = `one-login-bench-${process.pid}-${memory}`;
  return (
    makeGroup(join('/sys/fs/cgroup/cpu', name), {
      'cpu.cfs_period_us': String(period),
      'cpu.cfs_quota_us': String(quota),
    }) ?? makeGroup(join('/sys/fs/cgroup', name), { 'cpu.max': `${quota} ${period}` })
  );
}

function makeGroup(directory: string, files: Readonly<Record<string, string>>): CpuShare | undefined {
  const remove = () => rmdirSync(directory);
  try {
    mkdirSync(directory);
  } catch {
    return undefined;
  }
  try {
    for (const [file, text] of Object.entries(files)) {
      // Where the controller is missing, the file is: it must not be made here.
      readFileSync(join(directory, file));
      writeFileSync(join(directory, file), text);
    }
    return { processesFile: join(directory, 'cgroup.procs'), remove };
  } catch {
    remove();
    return undefined;
  }
}
