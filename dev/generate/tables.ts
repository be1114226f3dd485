import { synthesiseTemplate } from '../../bin/synthesise-template.ts';
import { loadConfig } from '../../lib/config/load-config.ts';
import { renderCommandList } from './command-list.ts';
import {
  renderAssumptions,
  renderCountedSteps,
  renderFixedCost,
  renderMillionSignIns,
  renderMonitoringCost,
  renderRemembered,
} from './cost-tables.ts';
import { renderDeploymentActions } from './deployment-actions.ts';
import { renderDoctorChecks } from './doctor-checks.ts';
import { renderErrorList } from './error-list.ts';
import { renderFunctionList } from './function-list.ts';
import type { GeneratedTable } from './generated-table.ts';
import { operationsTables } from './operations-tables.ts';
import { renderPageTable } from './page-table.ts';
import { renderRehearsalLimits, renderResourceTypes } from './proof.ts';
import { renderRegistrationList } from './registration-list.ts';
import { renderPeople } from './stand-in-lists.ts';

/** Every part that `npm run generate` writes into a page, besides the fields of the config. */
export const generatedTables: readonly GeneratedTable[] = [
  { page: 'docs/cdk-app.md', name: 'outputs', render: renderOutputs },
  ...operationsTables,
  {
    page: 'docs/operations/deployment-permissions.md',
    name: 'deployment actions',
    render: renderDeploymentActions,
  },
  { page: 'docs/operations/README.md', name: 'commands', render: renderCommandList },
  { page: 'docs/operations/metrics.md', name: 'monitoring cost', render: renderMonitoringCost },
  { page: 'docs/cost.md', name: 'fixed cost', render: renderFixedCost },
  { page: 'docs/cost.md', name: 'million sign-ins', render: renderMillionSignIns },
  { page: 'docs/cost.md', name: 'remembered', render: renderRemembered },
  { page: 'docs/cost.md', name: 'counted steps', render: renderCountedSteps },
  { page: 'docs/cost.md', name: 'assumptions', render: renderAssumptions },
  { page: 'docs/operations/register.md', name: 'registration', render: renderRegistrationList },
  { page: 'docs/operations/doctor.md', name: 'doctor checks', render: renderDoctorChecks },
  { page: 'docs/errors.md', name: 'errors', render: renderErrorList },
  { page: 'docs/pages.md', name: 'pages', render: renderPageTable },
  { page: 'docs/stand-in.md', name: 'people', render: renderPeople },
  { page: 'docs/architecture.md', name: 'functions', render: renderFunctionList },
  { page: 'docs/proof.md', name: 'rehearsal limits', render: renderRehearsalLimits },
  { page: 'docs/proof.md', name: 'resource types', render: renderResourceTypes },
];

interface Template {
  readonly Outputs: Readonly<Record<string, { readonly Description: string }>>;
}

let template: Template | undefined;
/** The template of config/production.example.json. */
function readTemplate(): Template {
  template ??= synthesiseTemplate<Template>(loadConfig('config/production.example.json'));
  return template;
}

function renderOutputs(): string {
  const toRegister = 'To register at One Login: ';
  const outputs = Object.entries(readTemplate().Outputs);
  const names = outputs
    .filter(([, { Description }]) => Description.startsWith(toRegister))
    .map(([name]) => `\`${name}\``);
  const others = outputs
    .filter(([, { Description }]) => !Description.startsWith(toRegister))
    .map(([name, { Description }]) => `- \`${name}\`: ${Description}`);
  return [`- ${toRegister}${names.join(', ')}`, ...others].join('\n');
}
