import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { buildStackName } from '../../lib/config/stack-name.ts';

/** What cannot be done, said to an operator. */
export class RevokeError extends Error {
  override readonly name = 'RevokeError';
}

type Named = Pick<DeploymentConfig, 'name'>;

/**
 * CloudFormation names what has no name after the stack, the logical id and something random. A test compares these
 * with the template.
 */
export function sessionsTablePrefix(config: Named): string {
  return `${buildStackName(config)}-TablesSessions`;
}

/** See {@link sessionsTablePrefix}. */
export function auditLogGroupPrefix(config: Named): string {
  return `${buildStackName(config)}-AuditTrailcollectauditLogs`;
}

/**
 * The one name that there is.
 *
 * @param whatToDo when there are several or none
 * @throws RevokeError
 */
export function onlyOne(what: string, names: readonly string[], whatToDo: string): string {
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  const found =
    name === undefined ? `there is no ${what}` : `there is more than one ${what}: ${names.join(', ')}`;
  throw new RevokeError(`${found}. ${whatToDo}`);
}
