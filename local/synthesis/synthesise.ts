import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { StartError } from '../start-error.ts';

export interface SynthesisOptions {
  readonly config: DeploymentConfig;
  /** Where the cloud assembly is written to; everything temporary goes there as well. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}

/**
 * Synthesises a deployment, its functions bundled, as `cdk deploy` would.
 *
 * @throws StartError with what the CDK or the bundler had to say
 */
export async function synthesise({ config, directory, signal }: SynthesisOptions): Promise<void> {
  const script = fileURLToPath(new URL('./run-synthesis.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory], {
    // What the CDK finds when it examines the template is for deployments: `npm run synth` and `cdk deploy` tell it.
    env: { ...process.env, CDK_VALIDATION: 'false', TMPDIR: directory, TMP: directory, TEMP: directory },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const kill = () => child.kill();
  signal?.addEventListener('abort', kill);
  // Not before the last descendant has let go of the stream: what it still writes could not be removed.
  const closed = once(child, 'close');
  // A child that ended at once does not read its input.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(config));
  const [[status], complaints] = await Promise.all([closed, text(child.stderr)]);
  signal?.removeEventListener('abort', kill);
  signal?.throwIfAborted();
  if (status !== 0) throw new StartError(`the app could not be synthesised:\n${complaints.trim()}`);
}
