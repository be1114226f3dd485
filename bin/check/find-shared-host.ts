import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { isApiAddress } from '../../lib/config/edge-rules.ts';
import type { Mistake } from '../../lib/config/mistakes.ts';

/** Finds a deployment that seems to share its host with others, and whose cookies have the names of theirs. */
export function findSharedHost({
  publicUrl,
  cookieName,
}: Pick<DeploymentConfig, 'publicUrl' | 'cookieName'>): readonly Mistake[] {
  if (publicUrl === undefined || isApiAddress(publicUrl) || cookieName !== undefined) return [];
  const { host, pathname } = new URL(publicUrl);
  if (pathname === '/auth') return [];
  const message = `is missing: if another deployment on ${host} has none either, each sign-in ends the other one's sessions (docs/several-services-on-one-host.md)`;
  return [{ path: 'cookieName', message }];
}
