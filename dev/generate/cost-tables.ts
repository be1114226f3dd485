import { countedCanary, countedSteps, type StepUsage } from '../../bin/cost/counted-steps.ts';
import { assumptions, defaultVisit, estimateCost, estimateTraffic } from '../../bin/cost/estimate.ts';
import { defaultPrices, readPrices } from '../../bin/cost/prices.ts';
import { formatCostTable } from '../../bin/cost/print-estimate.ts';
import { type CostedTemplate, measureTemplate } from '../../bin/cost/template-usage.ts';
import { synthesiseTemplate } from '../../bin/synthesise-template.ts';
import { loadConfig } from '../../lib/config/load-config.ts';
import { formatTable } from './fill-page.ts';

/** What a million sign-ins cost with the example config and the prices of the project. */
export function renderMillionSignIns(): string {
  const config = loadConfig('config/production.example.json');
  const prices = readPrices(defaultPrices);
  const traffic = estimateTraffic(1_000_000, defaultVisit, config.session.idleMinutes);
  const template = measureTemplate(synthesiseTemplate<CostedTemplate>(config));
  const { traffic: lines, monthly } = estimateCost(traffic, template, prices);
  const [million, month] = [addUp(lines), addUp(monthly)];
  return `\`\`\`text
${formatCostTable(lines, prices).join('\n')}
\`\`\`

A sign-in costs about ${(million / 10_000).toFixed(3)} US cents. Each month also costs ${month.toFixed(2)}, even without sign-ins. So two
million sign-ins cost about ${Math.round(2 * million + month)}, of which ${Math.round(month)} are fixed.`;
}

function addUp(lines: readonly { readonly cost: number }[]): number {
  return lines.reduce((sum, { cost }) => sum + cost, 0);
}

/** What each step of a visit and of the canary uses. */
export function renderCountedSteps(): string {
  const { run, path } = countedCanary;
  const steps: Readonly<Record<string, StepUsage>> = {
    ...countedSteps,
    'canary: a run': run,
    'canary: a path': path,
  };
  const rows = Object.entries(steps).map(([step, usage]) => {
    const { apiRequests, invocations, signatures, writeUnits, readUnits, logBytes } = usage;
    const calls = Object.values(invocations).reduce((sum, count) => sum + count, 0);
    return [step, ...[apiRequests, calls, signatures, writeUnits, readUnits, logBytes].map(formatNumber)];
  });
  const head = [
    'step',
    'API requests',
    'function calls',
    'signatures',
    'write units',
    'read units',
    'log bytes',
  ];
  return formatTable([head, ...rows]);
}

/** What the estimate assumes. */
export function renderAssumptions(): string {
  const { duration, platformLogBytes, accessLogBytes, logMonths, metrics, canaryMetrics } = assumptions;
  const durations = Object.entries(duration).map(([name, value]) => `\`${name}\` ${formatNumber(value)}`);
  return [
    `- milliseconds of each function on average: ${durations.join(', ')}`,
    `- bytes that Lambda logs about each call: ${platformLogBytes}, except of \`userinfo\``,
    `- bytes of a line of the access log: ${accessLogBytes}`,
    `- months for which CloudWatch keeps a line: ${logMonths}`,
    `- custom metrics: ${metrics}, and ${canaryMetrics} of the canary`,
  ].join('\n');
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-GB');
}
