import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import type { DimensionValues } from '../../../lambdas/telemetry/metrics.ts';
import { leaksIn } from '../../support/leaks.ts';
import { type EventOptions, eventFormats, methodArn, startAuthorizer } from './support.ts';

type Decision = DimensionValues['decision'];
type Settings = Parameters<typeof startAuthorizer>[0];

const newMark = (what: string) => `${what}-${randomBytes(12).toString('base64url')}`;
const mark = newMark('mark');
const user = { sub: newMark('sub'), email: newMark('email') };

/** A request for every decision. The compiler reports one that is missing. */
const ways: Readonly<
  Record<Decision, { readonly settings?: Settings; readonly event?: EventOptions; readonly vot?: 'Cl' }>
> = {
  authorized: {},
  login_required: { event: { headers: { Cookie: `__Host-one-login-session=${mark}` } } },
  insufficient_authentication: { vot: 'Cl' },
  insufficient_identity: { settings: { level: 'Cl.Cm.P2' } },
  cross_site_request: { event: { method: 'POST', headers: { Origin: `https://${mark}.example` } } },
  header_not_allowed: { event: { headers: { [`X-One-Login-${mark}`]: mark } } },
  path_not_allowed: { event: { arn: `${methodArn}/*/${mark}` } },
};

test.each(Object.keys(ways) as Decision[])(
  'an authorizer that decides %s has no secret in a log, metric, event or denial',
  async (decision) => {
    const { settings, event, vot = 'Cl.Cm' } = ways[decision];
    const { authorizer, signIn, logLines } = startAuthorizer(settings);
    const cookie = await signIn({ ...user, vot, claims: { email: user.email } });
    const headers = {
      Cookie: cookie,
      Authorization: `Bearer ${mark}`,
      'User-Agent': mark,
      ...event?.headers,
    };
    const answer = await authorizer(eventFormats['REST API']({ ...event, headers })).catch(
      (error: unknown) => error,
    );
    expect(logLines).toContainEqual(expect.objectContaining({ authorizer_decisions: 1, decision }));
    const secrets = { ...user, mark, token: cookie.slice(-43) };
    expect(leaksIn(JSON.stringify(logLines), secrets)).toEqual([]);
    // A response that allows contains the user, on purpose. One that denies contains the requested method.
    if (decision === 'authorized') return;
    const { policyDocument: _, ...denial } = Object(answer);
    expect(leaksIn(inspect(answer instanceof Error ? answer : denial, { depth: 9 }), secrets)).toEqual([]);
  },
);

// id: authorizer-request-id-not-logged
test.each(Object.entries(eventFormats))(
  'a request id that a caller has chosen is in no log of an authorizer (%s)',
  async (_, createEvent) => {
    const { authorizer, logLines } = startAuthorizer();
    const { requestContext, ...event } = createEvent({});
    const own = { ...event, requestContext: { ...Object(requestContext), requestId: 'JKJaXmPLvHcESHA=' } };
    const chosen = { ...event, requestContext: { ...Object(requestContext), requestId: 'call 0900 123' } };

    await expect(authorizer(own)).rejects.toThrow('Unauthorized');
    expect(JSON.stringify(logLines)).toContain('"request_id":"JKJaXmPLvHcESHA="');
    await expect(authorizer(chosen)).rejects.toThrow('Unauthorized');
    expect(JSON.stringify(logLines)).not.toContain('0900');
  },
);

test.each(Object.entries(eventFormats))(
  'a method that a caller has made up is in no log of an authorizer (%s)',
  async (_, createEvent) => {
    const { authorizer, logLines, signIn } = startAuthorizer();
    const Cookie = await signIn();
    const origin = { Cookie, 'Sec-Fetch-Site': 'same-origin' };
    await authorizer(createEvent({ method: mark.toUpperCase(), headers: origin }));
    await authorizer(createEvent({ method: 'PATCH', headers: origin }));

    const decided = logLines.filter(({ event }) => event === 'decided');
    expect(decided.map(({ method }) => method)).toEqual(['other', 'PATCH']);
    expect(JSON.stringify(logLines)).not.toContain(mark.toUpperCase());
  },
);
