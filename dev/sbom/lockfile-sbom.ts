import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MissingToolError } from '../../bin/command.ts';
import type { CycloneDx } from './describe-packages.ts';

/**
 * Reads npm's own document of the lockfile, without a registry.
 *
 * @param root the directory with the lockfile
 * @throws MissingToolError if npm has no such command
 */
export async function readLockfileSbom(root: string): Promise<CycloneDx> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--offline'];
  try {
    const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr, message }: { stderr?: string; message?: string } = Object(error);
    throw new MissingToolError(
      `npm cannot describe the lockfile (npm 9.5 or newer can): ${(stderr || message || '').trim()}`,
    );
  }
}
