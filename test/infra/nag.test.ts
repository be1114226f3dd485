import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildApp } from '../../lib/app.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { nagAcknowledgements } from '../../lib/nag-acknowledgements.ts';
import { buildFullConfig } from './everything-on.ts';
import { buildTestConfig, placeholderBundles } from './synthesise.ts';

// The apps are synthesised several times.
jest.setTimeout(120_000);

const outdir = mkdtempSync(join(tmpdir(), 'one-login-nag-'));

afterAll(() => rmSync(outdir, { recursive: true }));

const configs: Readonly<Record<string, DeploymentConfig>> = {
  'the smallest deployment': buildTestConfig('integration.example', {
    apiGatewayLogRole: 'existing',
    identity: undefined,
    authorizers: [],
    idTokenSigningAlgorithm: 'RS256',
  }),
  'a deployment with everything behind CloudFront': buildFullConfig('withCloudFront'),
  'a deployment with everything at a domain': buildFullConfig('withDomain'),
};

interface Finding {
  readonly id: string;
  /** Below the construct `OneLogin`. */
  readonly path: string;
}

function listFindings(config: DeploymentConfig, checks: AwsSolutionsChecks): readonly Finding[] {
  return checks
    .validateScope(buildApp(config, { outdir, bundles: placeholderBundles }))
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        id: ruleName,
        path: constructPath.split('/').slice(2).join('/'),
      })),
    );
}

describe("cdk-nag's AWS Solutions", () => {
  // id: nag-findings-acknowledged
  it.each(Object.entries(configs))('have only acknowledged findings in %s', (_, config) => {
    expect(listFindings(config, new AwsSolutionsChecks())).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  // id: nag-exceptions-needed
  it('is for a finding that exists', () => {
    const checks = () => Object.assign(new AwsSolutionsChecks(), { isAcknowledged: () => false });
    const found = Object.values(configs).flatMap((config) => listFindings(config, checks()));
    const stale = nagAcknowledgements.filter(
      ({ id, path }) =>
        !found.some((finding) => finding.id === id && `${finding.path}/`.startsWith(`${path}/`)),
    );

    expect(stale).toEqual([]);
    expect(found.length).toBeGreaterThan(20);
  });

  it('has a sentence as its reason', () => {
    for (const { reason } of nagAcknowledgements) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  });
});
