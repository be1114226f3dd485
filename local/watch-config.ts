import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';

export interface ConfigWatchOptions {
  readonly file: string;
  /** The deployment that runs. */
  readonly config: DeploymentConfig;
  /** Reads the deployment from the file. @throws an error for a person when it has mistakes */
  readonly read: () => Promise<DeploymentConfig>;
  /** Replaces the deployment that runs. @throws when it can't; then the one before must go on */
  readonly takeOver: (config: DeploymentConfig) => Promise<void>;
  /** Called with a line about each change. */
  readonly report: (line: string) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** How often to look at the file, in milliseconds. @default 500 */
  readonly interval?: number;
}

/** What the stack's resources, and the keys of the stand-in, are made for. */
const fixed = ['name', 'region', 'idTokenSigningAlgorithm'] as const;

/**
 * Takes over changes of a config file, one after the other, also a change from before the watch. It compares texts, because
 * editors replace files.
 */
export function watchConfig(options: ConfigWatchOptions): void {
  const { file, read, takeOver, report, signal, interval = 500 } = options;
  let running = options.config;
  let text: string | undefined;
  const check = async () => {
    const next = await read();
    if (isDeepStrictEqual(next, running)) return;
    const [field] = fixed.filter((name) => next[name] !== running[name]);
    if (field !== undefined) {
      report(`${file}: a new ${field} needs a new start: press Ctrl-C and start again.`);
      return;
    }
    report(`${file} has changed. Taking it over …`);
    await takeOver(next);
    running = next;
    report('The new config runs. Sessions are kept.');
  };
  const look = async () => {
    const found = await readFile(file, 'utf8').catch(() => '');
    if (found === text) return;
    text = found;
    await check().catch((error: Error) => {
      if (!signal.aborted) report(`${error.message}\nThe deployment before this change goes on.`);
    });
  };
  const lookAgain = async () => {
    if (signal.aborted) return;
    await look();
    setTimeout(lookAgain, interval).unref();
  };
  lookAgain();
}
