import { expect, it } from '@jest/globals';
import { readDashboard } from '../../../dev/pictures/dashboard/read-dashboard.ts';

const signedIn = ['OneLogin', 'signed_in', 'deployment', 'x'];
const properties = [
  { view: 'singleValue', title: 'Values', metrics: [[...signedIn, { label: 'users' }], signedIn] },
  { view: 'timeSeries', title: 'Areas', stacked: true, metrics: [signedIn] },
  {
    view: 'timeSeries',
    title: 'Share',
    metrics: [
      [{ expression: '100 * a / b', label: '%' }],
      [...signedIn, { id: 'a' }],
      ['OneLogin', 'returned', { id: 'b' }],
    ],
    annotations: { horizontal: [{ value: 50, label: 'alarm below' }] },
  },
  { view: 'timeSeries', title: 'Codes', metrics: [[{ expression: "SEARCH('x', 'Sum', 300)" }]] },
  {
    view: 'singleValue',
    title: 'Minutes',
    metrics: [[{ expression: 'MAX(a)' }], [...signedIn, { id: 'a' }]],
  },
];

it('reads the widgets of a dashboard by what they show', () => {
  const widgets = [
    ...properties.map((each) => ({ type: 'metric', properties: each })),
    { type: 'alarm', properties: { title: 'Alarms', alarms: ['Id'] } },
    { type: 'text', properties: { markdown: '# Text' } },
  ];
  const DashboardBody = JSON.stringify({ widgets });
  const metric = 'OneLogin signed_in deployment=x';
  expect(
    readDashboard({ Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } }),
  ).toEqual([
    {
      kind: 'values',
      title: 'Values',
      metrics: [
        { label: 'users', metric },
        { label: 'signed_in', metric },
      ],
    },
    { kind: 'graph', title: 'Areas', stacked: true, metrics: [{ label: 'signed_in', metric }] },
    {
      kind: 'ratio graph',
      title: 'Share',
      label: '%',
      part: metric,
      whole: 'OneLogin returned ',
      annotation: { value: 50, label: 'alarm below' },
    },
    { kind: 'search', title: 'Codes' },
    { kind: 'other', title: 'Minutes' },
    { kind: 'alarms', title: 'Alarms', alarms: ['Id'] },
    { kind: 'other', title: '' },
  ]);
});
