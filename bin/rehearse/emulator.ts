import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../../lib/package-root.ts';
import { CommandError } from '../command.ts';

/** An AWS that others wrote: ministack. */
export interface Emulator {
  readonly port: number;
  close(): Promise<void>;
}

const script = join(packageRoot, 'bin/rehearse/start_emulator.py');
/** The services that a deployment uses. The emulator starts no others. */
const services =
  'acm,apigateway,cloudformation,cloudwatch,dynamodb,ecr,events,iam,kms,lambda,logs,monitoring,route53,s3,secretsmanager,sns,sqs,ssm,sts,wafv2';
const longestStart = 60_000;

export interface EmulatorOptions {
  readonly account: string;
  readonly region: string;
  /** The environment of the emulator and of the functions that it runs. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts the emulator on a free port of the loopback interface.
 *
 * @param python the interpreter, see `preparePython`
 * @throws CommandError with what it wrote, when it ends before it is ready
 */
export async function startEmulator(
  python: string,
  { account, region, environment }: EmulatorOptions,
): Promise<Emulator> {
  const port = await findFreePort();
  const child = spawn(python, [script], {
    env: {
      ...environment,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: 'false',
      LOG_LEVEL: 'WARNING',
      MINISTACK_ACCOUNT_ID: account,
      MINISTACK_REGION: region,
      SERVICES: services,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => output.push(data.toString()));
  }
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill();
    await ended;
  };
  const deadline = Date.now() + longestStart;
  while (!(await isReady(port))) {
    if (child.exitCode === null && Date.now() < deadline) await wait(100);
    else {
      await close();
      throw new CommandError(`the emulator ended before it was ready: ${output.join('').trim()}`);
    }
  }
  return { port, close };
}

async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/_ministack/health`).catch(() => undefined);
  return response?.ok ?? false;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}
