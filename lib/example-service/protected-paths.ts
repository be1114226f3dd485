import type { ApiPath } from '../../lambdas/example-service-pages.ts';
import type { AuthorizerConfig } from '../config/deployment-config.ts';

type Level = AuthorizerConfig['level'];

/**
 * Lists the paths of the example service's API with the level that each requires: the first level in the config without
 * an identity, and the first one with an identity. A path without such a level does not exist.
 */
export function listProtectedPaths(
  authorizers: readonly Pick<AuthorizerConfig, 'level'>[],
): ReadonlyMap<ApiPath, Level> {
  const levels = authorizers.map(({ level }) => level);
  const wanted: readonly [ApiPath, Level | undefined][] = [
    ['/api/account', levels.find((level) => !needsIdentity(level))],
    ['/api/identity', levels.find(needsIdentity)],
  ];
  return new Map(wanted.flatMap(([path, level]) => (level === undefined ? [] : [[path, level]])));
}

function needsIdentity(level: Level): boolean {
  return level.includes('.P');
}
