import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';

/** A new directory that is removed when the tests of the file have run. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'one-login-test-'));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
