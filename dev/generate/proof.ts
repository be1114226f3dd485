import { neverEmulated, notEmulated, type Resource, readKind } from '../../bin/rehearse/not-emulated.ts';
import { synthesiseTemplate } from '../../bin/synthesise-template.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { typesWithoutEffect } from '../../local/template/types-without-effect.ts';
import { buildFullConfig } from '../../test/infra/everything-on.ts';
import { buildTestConfig } from '../../test/infra/synthesise.ts';

/** Renders what the rehearsal leaves out, as its report lists it. */
export function renderRehearsalLimits(): string {
  const all = Object.entries({ ...notEmulated, ...neverEmulated });
  const proofs = [...new Set(all.map(([, proof]) => proof))];
  return proofs
    .map((proof) => {
      const kinds = all.filter(([, each]) => each === proof).map(([kind]) => formatKind(kind));
      const marked = proof.replaceAll(/npm (?:start|run [a-z:-]+)|test\/infra|one-login doctor/g, '`$&`');
      return `- ${kinds.join('; ')}: ${marked}`;
    })
    .join('\n');
}

/** Renders what happens to the types of resources that `npm run rehearse` or `npm start` does not try. */
export function renderResourceTypes(): string {
  const kinds = [...listKinds(listFullConfigs())].sort();
  const rehearsed = listKinds([
    buildTestConfig('production.example'),
    buildTestConfig('integration.example'),
  ]);
  const inNoExample = kinds.filter((kind) => !rehearsed.has(kind) && !(kind in notEmulated));
  const withoutEffect = kinds.filter((kind) => typesWithoutEffect.has(kind));
  return [
    `- In no example, so rehearsed only if your config has it: ${inNoExample.map(formatKind).join(', ')}`,
    `- No effect in \`npm start\`: ${withoutEffect.map(formatKind).join(', ')}`,
  ].join('\n');
}

/** Lists configs that have every type of resource. By default a function reserves concurrency for back-channel logout. */
function listFullConfigs(): readonly DeploymentConfig[] {
  const all = { reservedConcurrency: {} };
  return [buildFullConfig('withDomain', all), buildFullConfig('withCloudFront', all)];
}

function listKinds(configs: readonly DeploymentConfig[]): ReadonlySet<string> {
  const resources = configs.flatMap((config) => {
    const { Resources } = synthesiseTemplate<{ readonly Resources: Record<string, Resource> }>(config);
    return Object.values(Resources);
  });
  return new Set(resources.map((each) => readKind(each)));
}

const formatKind = (kind: string): string => kind.replace(/^(?:AWS|Custom)::\w+(?:::\w+)?/, '`$&`');
