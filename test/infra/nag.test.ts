import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildApp } from '../../lib/app.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { nagAcknowledgements } from '../../lib/nag-acknowledgements.ts';
import { configWithEverything } from './everything-on.ts';
import { configOf, placeholderBundles } from './synthesise.ts';

// Both apps are built several times.
jest.setTimeout(120_000);

const outdir = mkdtempSync(join(tmpdir(), 'one-login-nag-'));

afterAll(() => rmSync(outdir, { recursive: true }));

/** As little as a deployment can be, and all that one can be. */
const configs: Readonly<Record<string, DeploymentConfig>> = {
  'the smallest deployment': configOf('integration.example', {
    apiGatewayLogRole: 'existing',
    identity: undefined,
    authorizers: [],
    idTokenSigningAlgorithm: 'RS256',
  }),
  'a deployment with everything, behind CloudFront': configWithEverything('withCloudFront'),
  'a deployment with everything, at a domain': configWithEverything('withDomain'),
};

interface Finding {
  readonly id: string;
  /** Below the construct `OneLogin`. */
  readonly path: string;
}

function findingsIn(config: DeploymentConfig, checks: AwsSolutionsChecks): readonly Finding[] {
  return checks
    .validateScope(buildApp(config, { outdir, bundles: placeholderBundles }))
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        id: ruleName,
        path: constructPath.split('/').slice(2).join('/'),
      })),
    );
}

/** The findings without acknowledgements. */
function allFindings(config: DeploymentConfig): readonly Finding[] {
  return findingsIn(config, Object.assign(new AwsSolutionsChecks(), { isAcknowledged: () => false }));
}

test.each(Object.entries(configs))(
  "%s has no finding of cdk-nag's AWS Solutions that is not acknowledged",
  (_, config) => {
    expect(findingsIn(config, new AwsSolutionsChecks())).toEqual([]);
  },
);

test('every acknowledgement has a finding', () => {
  const found = Object.values(configs).flatMap(allFindings);
  const stale = nagAcknowledgements.filter(
    ({ id, path }) =>
      !found.some((finding) => finding.id === id && `${finding.path}/`.startsWith(`${path}/`)),
  );

  expect(stale).toEqual([]);
  expect(found.length).toBeGreaterThan(20);
});

test('every acknowledgement gives its reason in a sentence', () => {
  for (const { reason } of nagAcknowledgements) expect(reason).toMatch(/^[A-Z].{40,}\.$|^[A-Z].{40,}\)\.$/);
});
