import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MissingToolError } from '../../bin/command.ts';
import type { CycloneDx } from './describe-packages.ts';

/**
 * npm's own document of what the lockfile installs. It asks no registry.
 *
 * @param root the directory with the lockfile
 * @throws MissingToolError when npm has no such command
 */
export async function lockfileSbom(root: string): Promise<CycloneDx> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--offline'];
  try {
    const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr, message }: { stderr?: string; message?: string } = Object(error);
    throw new MissingToolError(
      `npm can't describe the lockfile (that takes npm 9.5 or newer): ${(stderr || message || '').trim()}`,
    );
  }
}
