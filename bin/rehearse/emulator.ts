import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isCompiled, packageRoot } from '../../lib/package-root.ts';
import { CommandError } from '../command.ts';
import { customResourcesNotRun } from './not-emulated.ts';

const script = join(packageRoot, 'bin/rehearse/emulator/emulator.py');
const runFunction = join(import.meta.dirname, `run-function.${isCompiled ? 'js' : 'ts'}`);

/** A custom resource whose function was run, or answered for. */
export interface EmulatorFact {
  readonly ran?: string;
  readonly answered?: string;
  readonly logicalId: string;
  readonly requestType: string;
}

export interface Emulator {
  readonly port: number;
  /** Everything that it has said until now. */
  readonly facts: readonly EmulatorFact[];
  close(): Promise<void>;
}

/**
 * Starts the emulator on a free port of the loopback interface. It ends with this process, however that ends.
 *
 * @param python the interpreter, see {@link preparePython}
 * @throws CommandError with what it wrote, when it ends before it answers
 */
export async function startEmulator(
  python: string,
  environment: Readonly<Record<string, string>>,
): Promise<Emulator> {
  const answered = Object.keys(customResourcesNotRun).flatMap((type) => ['--answer', type]);
  const child = spawn(
    python,
    [script, '--node', process.execPath, '--run-function', runFunction, ...answered],
    { env: { ...environment }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const facts: EmulatorFact[] = [];
  const port = await firstLine(child, facts);
  return {
    port,
    facts,
    close: async () => {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

function firstLine(child: ChildProcess, facts: EmulatorFact[]): Promise<number> {
  const errors: string[] = [];
  return new Promise((resolve, reject) => {
    if (child.stdout === null || child.stderr === null) throw new Error('the emulator has no output');
    child.stderr.on('data', (data: Buffer) => errors.push(data.toString()));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const fact: { readonly port?: number } & EmulatorFact = JSON.parse(line);
      if (fact.port === undefined) facts.push(fact);
      else resolve(fact.port);
    });
    child.on('error', reject);
    child.on('exit', () =>
      reject(new CommandError(`the emulator ended before it answered: ${errors.join('').trim()}`)),
    );
  });
}
