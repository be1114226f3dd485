import { countedCanary, countedSteps, type StepUsage } from '../../bin/cost/counted-steps.ts';
import { assumptions, defaultVisit, estimateCost, estimateTraffic } from '../../bin/cost/estimate.ts';
import { defaultPrices, type PriceName, readPrices } from '../../bin/cost/prices.ts';
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

/** What a month costs before anyone signs in, and the dates of the prices. */
export function renderFixedCost(): string {
  const config = loadConfig('config/production.example.json');
  const prices = readPrices(defaultPrices);
  const measure = (changed: typeof config) => measureTemplate(synthesiseTemplate<CostedTemplate>(changed));
  const template = measure(config);
  const costMonth = (usage: typeof template) =>
    addUp(estimateCost(estimateTraffic(0, defaultVisit, config.session.idleMinutes), usage, prices).monthly);
  const all = costMonth(template);
  const firewall = all - costMonth({ ...template, webAcls: 0, webAclRules: 0 });
  const canary = all - costMonth(measure({ ...config, canary: false }));
  const dates = Object.values(prices.prices)
    .flatMap(({ source }) => source.match(/\d{4}-\d{2}-\d{2}/g) ?? [])
    .sort();
  return `With \`config/production.example.json\`, a month costs ${(all - firewall).toFixed(2)} dollars for keys and monitoring, of which ${canary.toFixed(2)} for [the
canary](operations/canary.md), and ${firewall.toFixed(2)} for the firewall. The prices are from lists of ${dates.at(0)} to ${dates.at(-1)}.`;
}

/** What metrics, alarms and dashboard cost. */
export function renderMonitoringCost(): string {
  const config = loadConfig('config/production.example.json');
  const prices = readPrices(defaultPrices);
  const template = measureTemplate(synthesiseTemplate<CostedTemplate>(config));
  const { monthly } = estimateCost(
    estimateTraffic(0, defaultVisit, config.session.idleMinutes),
    template,
    prices,
  );
  const list = (name: PriceName, what: string) => {
    const quantity = monthly.find((line) => line.name === name)?.quantity ?? 0;
    return `- ${formatNumber(quantity)} ${what}: ${prices.prices[name].price.toFixed(2)} dollars each`;
  };
  return [
    list('metric', 'metrics'),
    list('alarm', 'metrics that alarms read'),
    list('combinedAlarm', 'combined alarms'),
    list('dashboard', 'dashboard'),
  ].join('\n');
}

/** What a million sign-ins cost when a service remembers its users for some minutes. */
export function renderRemembered(): string {
  const config = loadConfig('config/production.example.json');
  const prices = readPrices(defaultPrices);
  const template = measureTemplate(synthesiseTemplate<CostedTemplate>(config));
  const { requests, minutes } = defaultVisit;
  return [2, 3]
    .map((remembered) => {
      const left = Math.round(requests / (1 + (requests / minutes) * remembered));
      const traffic = estimateTraffic(
        1_000_000,
        { ...defaultVisit, requests: left },
        config.session.idleMinutes,
      );
      const cost = addUp(estimateCost(traffic, template, prices).traffic);
      return `- ${remembered} minutes: ${left} of ${requests} requests are left. A million sign-ins cost ${cost.toFixed(0)} dollars.`;
    })
    .join('\n');
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
