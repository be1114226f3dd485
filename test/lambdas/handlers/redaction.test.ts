import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAuditLine } from '../../../lambdas/collect-audit/audit-line.ts';
import { type ErrorCode, errorTable } from '../../../lambdas/core/errors.ts';
import { loginPurposes } from '../../../lambdas/core/flow/login-attempt.ts';
import { identityClaimNames } from '../../../lambdas/core/one-login/identity-claims.ts';
import { metrics } from '../../../lambdas/telemetry/metrics.ts';
import { type LoopbackServer, listenInternally } from '../../../local/loopback-server.ts';
import { type MarkedParty, settingsToFail, waysToFail } from '../../support/every-error.ts';
import { leaksIn, type Secrets } from '../../support/leaks.ts';
import { startRelyingParty } from '../../support/relying-party.ts';

let silence: LoopbackServer;
let deserted: string;

beforeAll(async () => {
  silence = await listenInternally(() => undefined);
  const closing = await listenInternally(() => undefined);
  deserted = closing.url;
  await closing.close();
});

afterAll(() => silence.close());

const newMark = (what: string) => `${what}-${randomBytes(12).toString('base64url')}"<&'`;

/** Starts a relying party in which every secret is marked. */
async function startMarkedParty(code: ErrorCode): Promise<{ party: MarkedParty; secrets: () => Secrets }> {
  const rp = await startRelyingParty(settingsToFail[code]);
  const user = {
    subject: newMark('sub'),
    postalCode: newMark('postcode'),
    email: newMark('email'),
    name: newMark('name'),
  };
  rp.provider.sub = user.subject;
  rp.provider.userinfo = {
    email: user.email,
    [identityClaimNames.address]: [{ postalCode: user.postalCode }],
  };
  const nameParts = [{ type: 'GivenName', value: user.name }];
  rp.provider.coreIdentity = {
    vot: 'P2',
    vc: { credentialSubject: { name: [{ nameParts }], birthDate: [{ value: '1970-01-01' }] } },
  };
  const found: Record<string, string> = {};
  const keep = (name: string, value: string | undefined) => {
    if (value !== undefined && value.length > 15) found[`${name} ${Object.keys(found).length}`] = value;
  };
  const sign = rp.provider.sign.bind(rp.provider);
  rp.provider.sign = (...signed) => {
    const token = sign(...signed);
    keep('payload', token.split('.')[1]);
    return token;
  };
  const authorize = rp.provider.authorize.bind(rp.provider);
  rp.provider.authorize = (location) => {
    const response = authorize(location);
    keep('code', response.code);
    keep('state', response.state);
    return response;
  };
  const send = rp.provider.send.bind(rp.provider);
  rp.provider.send = async (request) => {
    const form = new URLSearchParams(request.body);
    for (const field of ['code_verifier', 'client_assertion']) keep(field, form.get(field) ?? undefined);
    keep('authorization', request.headers['authorization']);
    return send(request);
  };
  const browsers: ReturnType<typeof rp.browser>[] = [];
  const party = {
    ...rp,
    browser: () => {
      const browser = rp.browser();
      browsers.push(browser);
      return browser;
    },
    mark: newMark('mark'),
    silent: silence.url,
    deserted,
  };
  return {
    party,
    secrets: () => {
      for (const { cookies } of browsers) for (const [name, value] of cookies) keep(`cookie ${name}`, value);
      return { ...user, ...found, mark: party.mark.slice(0, -4) };
    },
  };
}

/** The possible values of each dimension. */
const closedLists: Readonly<Record<string, readonly string[]>> = {
  deployment: ['test'],
  purpose: loginPurposes,
  outcome: ['proved', 'not_proved'],
  code: Object.keys(errorTable),
  fault: ['caller', 'claimed', 'provider', 'aws', 'configuration'],
  document: ['discovery', 'jwks', 'did'],
};

describe('a request that ends with', () => {
  test.each(Object.keys(errorTable) as ErrorCode[])(
    '%s has its status and no secret in a log, metric, event or response',
    async (code) => {
      const { party, secrets } = await startMarkedParty(code);
      const { statusCode, headers, multiValueHeaders, body } = await waysToFail[code](party);

      expect(statusCode).toBe(errorTable[code].status);
      const lines = party.parseLog();
      expect(lines).toContainEqual(expect.objectContaining({ event: 'refused', code }));
      expect(lines).toContainEqual(expect.objectContaining({ refused: 1, code }));
      expect(leaksIn(party.logLines.join('\n'), secrets())).toEqual([]);
      expect(leaksIn(JSON.stringify({ headers, multiValueHeaders }) + body, secrets())).toEqual([]);

      for (const line of lines.filter(({ _aws }) => _aws)) {
        const { _aws, ...members } = line;
        for (const [name, value] of Object.entries(members)) {
          if (Object.hasOwn(metrics, name)) expect([value].flat().every(Number.isFinite)).toBe(true);
          else expect([name, closedLists[name]]).toEqual([name, expect.arrayContaining([value])]);
        }
      }
      const audited = party.logLines.filter((line) => JSON.parse(line).event === 'audit');
      expect(audited.map((line) => readAuditLine(line, 'id').kind)).toEqual(audited.map(() => 'audit'));
      expect(lines).toContainEqual(expect.objectContaining({ event: 'audit', action: 'refused', code }));
    },
  );
});
