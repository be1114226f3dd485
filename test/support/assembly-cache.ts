import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';

/**
 * The cloud assembly of a deployment, which test files share.
 *
 * @returns the assembly's directory, which must not be changed
 */
export async function cachedAssembly(config: DeploymentConfig): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${process.env['SYNTHESIS_PORT']}/assembly`, {
    method: 'POST',
    body: JSON.stringify(config),
  });
  const directory = await response.text();
  if (!response.ok) throw new Error(directory);
  return directory;
}
