import { arrow, box, colours, lineHeight, pictureWidth, renderSvg, text } from './svg.ts';
import { wrapText } from './text-width.ts';

const title = 'The parts in AWS';
const description =
  'Browsers, your service and One Login send requests to API Gateway, through CloudFront and a firewall if you have them. API Gateway serves the public keys and the assets itself, and invokes Lambda functions for all other routes. The functions use keys in KMS and three tables in DynamoDB, and send requests to One Login. Schedules in EventBridge invoke refresh-jwks, refresh-did and canary. CloudWatch has logs, metrics, alarms, a dashboard and the audit trail. SNS sends alarms to your team.';

/** When functions run → their names. */
const firstFunctions = {
  'for requests': ['login', 'callback', 'userinfo', 'logout', 'backchannel-logout'],
  'for your own APIs': ['authorizer'],
  'as an example': ['example-service'],
};
const otherFunctions = {
  'on schedules': ['refresh-jwks', 'refresh-did', 'canary'],
  'in deployments': ['publish-jwks', 'reserve-concurrency'],
  'for the audit trail': ['collect-audit'],
};

const lineHead = 28;

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  /** Each begins a line. */
  readonly texts?: readonly string[];
  /** The height of the coloured head. @default that of a line */
  readonly headHeight?: number;
  /** @default aws */
  readonly kind?: 'aws' | 'optional' | 'outside';
}

/** Draws the parts of a deployment and what they send to each other. */
export function drawParts(): string {
  return renderSvg({ title, description, width: pictureWidth, height: 634 }, [
    text(8, 28, title, { bold: true, size: 18 }),
    box(164, 70, 526, 556, { fill: colours.lightGrey, stroke: colours.border }),
    text(176, 614, 'Your AWS account', { bold: true }),
    ...drawOutside(),
    ...drawInside(),
  ]);
}

function drawOutside(): readonly string[] {
  const team = { x: 704, y: 532, width: 108, height: 60, name: 'Your team' };
  return [
    drawPart({ x: 8, y: 118, width: 132, height: 42, headHeight: 42, name: 'Browser', kind: 'outside' }),
    drawPart({
      x: 8,
      y: 226,
      width: 132,
      height: 94,
      name: 'Your service',
      texts: ['runs anywhere, requests /auth/userinfo'],
      kind: 'outside',
    }),
    drawPart({ x: 704, y: 118, width: 108, height: 42, headHeight: 42, name: 'One Login', kind: 'outside' }),
    drawPart({ ...team, texts: ['gets alarms'], kind: 'outside' }),
    // Browser and One Login.
    arrow([
      [74, 118],
      [74, 56],
      [790, 56],
      [790, 118],
    ]),
    text(420, 48, 'the user signs in and returns', { anchor: 'middle' }),
    arrow([
      [74, 160],
      [74, 226],
    ]),
    arrow([
      [140, 139],
      [176, 139],
    ]),
    arrow([
      [140, 273],
      [176, 273],
    ]),
    // One Login and the API.
    arrow([
      [730, 118],
      [730, 84],
      [241, 84],
      [241, 118],
    ]),
    text(490, 102, 'fetches public keys, sends back-channel logouts', { anchor: 'middle' }),
    // The functions and One Login.
    arrow([
      [678, 139],
      [704, 139],
    ]),
    arrow([
      [678, 562],
      [704, 562],
    ]),
  ];
}

function drawInside(): readonly string[] {
  return [
    drawPart({
      x: 176,
      y: 118,
      width: 130,
      height: 74,
      name: 'CloudFront',
      texts: ['and a firewall', 'if you want'],
      kind: 'optional',
    }),
    arrow([
      [241, 192],
      [241, 226],
    ]),
    drawPart({
      x: 176,
      y: 226,
      width: 130,
      height: 94,
      name: 'API Gateway',
      texts: ['serves public keys and assets itself'],
    }),
    arrow([
      [306, 250],
      [350, 250],
    ]),
    drawPart({ x: 350, y: 118, width: 328, height: 238, name: 'Lambda functions' }),
    drawLists(358, 164, firstFunctions),
    drawLists(516, 164, otherFunctions),
    drawPart({
      x: 176,
      y: 404,
      width: 130,
      height: 90,
      name: 'EventBridge',
      texts: ['schedules, every 5 minutes'],
    }),
    arrow([
      [306, 449],
      [328, 449],
      [328, 310],
      [350, 310],
    ]),
    arrow([
      [417, 356],
      [417, 404],
    ]),
    drawPart({ x: 350, y: 404, width: 134, height: 90, name: 'KMS', texts: ['signing keys', 'data key'] }),
    arrow([
      [597, 356],
      [597, 404],
    ]),
    drawPart({
      x: 516,
      y: 404,
      width: 162,
      height: 90,
      name: 'DynamoDB',
      texts: ['LoginAttempts', 'Sessions', 'ProviderDocuments'],
    }),
    arrow([
      [500, 356],
      [500, 532],
    ]),
    drawPart({
      x: 176,
      y: 532,
      width: 334,
      height: 60,
      name: 'CloudWatch',
      texts: ['logs, metrics, alarms, dashboard, audit trail'],
    }),
    arrow([
      [510, 562],
      [546, 562],
    ]),
    drawPart({ x: 546, y: 532, width: 132, height: 60, name: 'SNS', texts: ['alarm topics'] }),
  ];
}

function drawPart({
  x,
  y,
  width,
  height,
  name,
  texts = [],
  headHeight = lineHead,
  kind = 'aws',
}: Part): string {
  const stroke = kind === 'outside' ? colours.secondary : colours.blue;
  const isFilled = kind !== 'optional';
  return [
    box(x, y, width, height, { stroke, dashed: !isFilled }),
    isFilled ? box(x, y, width, headHeight, { fill: stroke }) : '',
    text(x + 8, y + headHeight / 2 + 5, name, { bold: true, ...(isFilled ? { fill: colours.white } : {}) }),
    text(
      x + 8,
      y + headHeight + 18,
      texts.flatMap((each) => wrapText(each, width - 12, 14)),
    ),
  ].join('');
}

function drawLists(x: number, top: number, lists: Readonly<Record<string, readonly string[]>>): string {
  let y = top;
  return Object.entries(lists)
    .map(([heading, names]) => {
      const drawn = text(x, y, heading, { fill: colours.secondary }) + text(x, y + lineHeight, names);
      y += (1 + names.length) * lineHeight + 8;
      return drawn;
    })
    .join('');
}
