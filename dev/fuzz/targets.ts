import { authorizerTargets } from './authorizer-target.ts';
import { documentTargets } from './document-targets.ts';
import { providerTargets } from './provider-targets.ts';
import { routeTargets } from './route-targets.ts';
import type { Target } from './target.ts';
import { tokenTargets } from './token-targets.ts';

/** Every way in. Their shares are of a hundred. */
export const targets: readonly Target[] = [
  ...routeTargets,
  ...tokenTargets,
  ...documentTargets,
  ...providerTargets,
  ...authorizerTargets,
];
