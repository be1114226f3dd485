import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Construct } from 'constructs';

/**
 * Sets the CDK's recommended feature flags for a construct and its children, so that its template is the same in every
 * app. The flags of the app do not change.
 *
 * @param construct without children yet
 */
export function setFeatureFlags({ node }: Construct): void {
  const path = createRequire(import.meta.url).resolve('aws-cdk-lib/recommended-feature-flags.json');
  const flags: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  for (const [flag, value] of Object.entries(flags)) node.setContext(flag, value);
}
