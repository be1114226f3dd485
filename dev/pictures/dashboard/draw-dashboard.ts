import { box, colours, pictureWidth, renderSvg, text } from '../svg.ts';
import { type Area, drawGraph, type Graph } from './draw-graph.ts';
import type { GraphWidget, RatioWidget, Widget } from './read-dashboard.ts';
import type { DashboardView } from './replay-dashboard.ts';

const title = 'The dashboard, half an hour after One Login’s /token began to fail';
const margin = 8;
const half = (pictureWidth - 3 * margin) / 2;
const top = 44;
const graphHeight = 258;
const alarmLineHeight = 20;

interface Value {
  readonly value: string;
  /** What it is, below the value. */
  readonly label: string;
}

/** Draws the widgets that a person on call looks at first: the values of now, urgent alarms, and why sign-ins fail. */
export function drawDashboard(view: DashboardView): string {
  const { widgets } = view;
  const urgent = listUrgentAlarms(view);
  const nowHeight = 44 + urgent.length * alarmLineHeight;
  const graphs = listGraphs(view);
  const values = listValues(view);
  const valueHeight = (nowHeight - (values.length - 1) * margin) / values.length;
  const graphTop = top + nowHeight + margin;
  const height = graphTop + Math.ceil(graphs.length / 2) * (graphHeight + margin);
  return renderSvg({ title, description: describe(view), width: pictureWidth, height }, [
    box(0, 0, pictureWidth, height, { fill: colours.lightGrey }),
    text(margin, 28, title, { bold: true, size: 18 }),
    ...values.map((each, index) =>
      drawValues(each, {
        x: margin,
        y: top + index * (valueHeight + margin),
        width: half,
        height: valueHeight,
      }),
    ),
    drawAlarms(widgets.find(({ kind }) => kind === 'alarms')?.title ?? '', urgent, {
      x: 2 * margin + half,
      y: top,
      width: half,
      height: nowHeight,
    }),
    ...graphs.map((graph, index) =>
      drawGraph(graph, {
        x: margin + (index % 2) * (half + margin),
        y: graphTop + Math.floor(index / 2) * (graphHeight + margin),
        width: half,
        height: graphHeight,
      }),
    ),
  ]);
}

function describe(view: DashboardView): string {
  const active = listUrgentAlarms(view).filter(({ state }) => state === 'ALARM');
  const values = listValues(view).flatMap(({ title, values }) =>
    values.map(({ value, label }) => `${title}: ${value} ${label}`),
  );
  return `${values.join('. ')}. Urgent alarms in alarm: ${active.map(({ name }) => name).join(', ')}. The graphs show the two hours up to then. From the beginning of the incident nobody is signed in, and the same number fail by the fault of One Login, with the code ${findLastCode(view)}.`;
}

/** The code with the most refusals at the end. */
function findLastCode({ codes, readLastQuarter }: DashboardView): string {
  return (
    codes.toSorted((left, right) => readLastQuarter(right.metric) - readLastQuarter(left.metric))[0]?.label ??
    ''
  );
}

interface Values {
  readonly title: string;
  readonly values: readonly Value[];
}

/** The first three widgets. */
function listValues({ widgets, minutesSinceSignIn, readLastQuarter }: DashboardView): readonly Values[] {
  return widgets.slice(0, 3).map((widget) => {
    const { title } = widget;
    switch (widget.kind) {
      case 'ratio value': {
        const share = (100 * readLastQuarter(widget.part)) / readLastQuarter(widget.whole);
        return { title, values: [{ value: String(Math.round(share)), label: widget.label }] };
      }
      case 'values':
        return {
          title,
          values: widget.metrics.map(({ label, metric }) => ({
            value: String(readLastQuarter(metric)),
            label,
          })),
        };
      default:
        return { title, values: [{ value: String(minutesSinceSignIn), label: 'minutes' }] };
    }
  });
}

function drawPanel(title: string, { x, y, width, height }: Area): string {
  return (
    box(x, y, width, height, { stroke: colours.border }) + text(x + margin, y + 22, title, { bold: true })
  );
}

function drawValues({ title, values }: Values, area: Area): string {
  const step = (area.width - 2 * margin) / values.length;
  return (
    drawPanel(title, area) +
    values
      .map(({ value, label }, index) => {
        const x = area.x + margin + index * step;
        return text(x, area.y + 56, value, { bold: true, size: 26 }) + text(x, area.y + 78, label);
      })
      .join('')
  );
}

interface ShownAlarm {
  readonly name: string;
  readonly state: string;
}

function listUrgentAlarms({ widgets, alarms }: DashboardView): readonly ShownAlarm[] {
  const widget = widgets.find(({ kind }) => kind === 'alarms');
  return widget?.kind === 'alarms' ? widget.alarms.flatMap((id) => alarms.get(id) ?? []) : [];
}

function drawAlarms(title: string, alarms: readonly ShownAlarm[], area: Area): string {
  return (
    drawPanel(title, area) +
    alarms
      .map(({ name, state }, index) => {
        const y = area.y + 48 + index * alarmLineHeight;
        const isActive = state === 'ALARM';
        return (
          box(area.x + margin, y - 12, 14, 14, { fill: isActive ? colours.red : colours.green }) +
          text(area.x + margin + 22, y, name, { bold: isActive }) +
          text(area.x + area.width - margin, y, isActive ? 'In alarm' : 'OK', {
            anchor: 'end',
            bold: isActive,
          })
        );
      })
      .join('')
  );
}

/** The first three graphs, and that of the codes, which searches for its metrics. */
function listGraphs({ widgets, codes, times, readSums }: DashboardView): readonly Graph[] {
  const isGraph = (widget: Widget): widget is GraphWidget | RatioWidget =>
    widget.kind === 'graph' || widget.kind === 'ratio graph';
  const first = widgets.filter(isGraph).slice(0, 3);
  const search = widgets.find(({ kind }) => kind === 'search');
  const buildLines = (metrics: GraphWidget['metrics']) =>
    metrics.map(({ label, metric }) => ({ label, values: readSums(metric) }));
  return [
    ...first.map((widget): Graph => {
      const { title } = widget;
      if (widget.kind === 'graph')
        return { title, times, stacked: widget.stacked, lines: buildLines(widget.metrics) };
      const [part, whole] = [readSums(widget.part), readSums(widget.whole)];
      const values = part.map((value, index) => (100 * value) / (whole[index] || Number.NaN));
      const { annotation, label } = widget;
      return { title, times, stacked: false, lines: [{ label, values }], annotation, most: 100 };
    }),
    { title: search?.title ?? '', times, stacked: false, lines: buildLines(codes) },
  ];
}
