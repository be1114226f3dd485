import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../local/certificate.ts';
import type { GroundBehaviour, GroundDescription, GroundMethods, ServiceCall } from './messages.ts';

/** Everything that the functions call, in a process of its own. */
export interface Ground extends GroundDescription {
  /** For files that live as long as the ground. */
  readonly directory: string;
  behave(behaviour: GroundBehaviour): Promise<unknown>;
  /**
   * Signs a person in at One Login.
   *
   * @param url of the redirect to it
   * @param person the id of a person who is there, or of a new one
   * @returns the address of the callback
   */
  authorize(url: string, person: string): Promise<string>;
  mintLogoutToken(person: string): Promise<string>;
  /** Returns the calls of the services since the last time. */
  takeCalls(): Promise<readonly ServiceCall[]>;
  close(): Promise<void>;
}

/** Starts the services and the deployment. @throws Error with the reason */
export async function startGround(): Promise<Ground> {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-lambda-bench-'));
  const certificateFile = join(directory, 'certificate.pem');
  const keyFile = join(directory, 'key.pem');
  const { cert, key } = await makeCertificate('localhost');
  writeFileSync(certificateFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const child = fork(join(import.meta.dirname, 'ground.ts'), [], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificateFile },
    execArgv: [],
  });
  const call = createCaller(child);
  const close = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('exit', () => resolve());
    if (child.exitCode === null && child.signalCode === null) child.disconnect();
    else resolve();
    await promise;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const description = await call('start', { certificateFile, keyFile, directory });
    return {
      ...description,
      directory,
      behave: (behaviour) => call('behave', behaviour),
      authorize: (url, person) => call('authorize', { url, person }),
      mintLogoutToken: (person) => call('mintLogoutToken', person),
      takeCalls: () => call('takeCalls', null),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createCaller(child: ChildProcess) {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  child.on('message', ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(`the ground: ${error}`));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the ground ended with ${code}`));
  });
  let next = 0;
  return <Method extends keyof GroundMethods>(
    method: Method,
    argument: Parameters<GroundMethods[Method]>[0],
  ) => {
    next += 1;
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<GroundMethods[Method]>>();
    waiting.set(next, { resolve: (result) => resolve(result as never), reject });
    child.send({ id: next, method, argument });
    return promise;
  };
}
