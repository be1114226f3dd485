import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AuthorizerClaim,
  authorizerClaims,
  describeUser,
  noValue,
  readAuthorizerClaims,
} from '../../../lambdas/authorizer/context.ts';
import { identityClaimNames } from '../../../lambdas/core/one-login/identity-claims.ts';
import type { SessionPayload } from '../../../lambdas/core/session/session.ts';
import { eventFormats, payload, proved, startAuthorizer } from './support.ts';

const { address, passport, drivingPermit, returnCode } = identityClaimNames;

const everything: SessionPayload = {
  ...payload,
  reauthenticatedAt: 1_780_000_111_999,
  claims: {
    email: 'zoë@example.com',
    email_verified: true,
    phone_number: '+447700900000',
    phone_number_verified: false,
    wallet_subject_id: 'urn:fdc:wallet:1',
  },
  identity: {
    ...proved('P2'),
    claims: {
      [address]: [{ addressLocality: 'Caerdydd', uprn: 10_022_812_929 }],
      [passport]: [{ documentNumber: '1223456' }],
      [drivingPermit]: [{ personalNumber: 'DOE99' }],
      [returnCode]: [{ code: 'A' }, { code: 'P' }],
    },
  },
};

describe('the context', () => {
  // id: context-has-user
  test('always contains who signed in, how and when, and the outcome of an identity request', () => {
    expect(describeUser(payload, []).context).toEqual({
      sub: payload.sub,
      vot: 'Cl.Cm',
      identity_outcome: 'not_requested',
      identity_vot: '-',
      identity_reason: '-',
      email: 'somebody@example.com',
      auth_time: '1780000000',
      reauthenticated_at: '-',
      omitted: '-',
    });
  });

  test('contains the claims of the config, with lists as JSON', () => {
    const { context } = describeUser(everything, authorizerClaims);

    expect(context).toMatchObject({
      identity_outcome: 'proved',
      identity_vot: 'P2',
      email: 'zo%C3%AB@example.com',
      reauthenticated_at: '1780000111',
      email_verified: 'true',
      phone_number: '+447700900000',
      phone_number_verified: 'false',
      wallet_subject_id: 'urn:fdc:wallet:1',
      birth_dates: '["1970-01-01"]',
      address: '[{"addressLocality":"Caerdydd","uprn":10022812929}]',
      passport: '[{"documentNumber":"1223456"}]',
      driving_permit: '[{"personalNumber":"DOE99"}]',
      return_codes: '["A","P"]',
      omitted: '-',
    });
    expect(JSON.parse(decodeURIComponent(context['names'] ?? ''))).toEqual([
      { given_names: ['Zoë'], family_names: ['O’Brien'], full_name: 'Zoë O’Brien' },
    ]);
  });

  // id: context-only-configured-claims
  test('has nothing that the config does not list', () => {
    const { context } = describeUser(everything, ['phone_number']);

    expect(Object.keys(context).sort()).toEqual([
      'auth_time',
      'email',
      'identity_outcome',
      'identity_reason',
      'identity_vot',
      'omitted',
      'phone_number',
      'reauthenticated_at',
      'sub',
      'vot',
    ]);
  });

  test('contains no name where identity was not proved', () => {
    const claims = { [returnCode]: [{ code: 'X' }] };
    const session: SessionPayload = {
      ...payload,
      identity: { outcome: 'not_proved', reason: 'absent', requestedAt: 0, claims },
    };

    expect(describeUser(session, authorizerClaims).context).toMatchObject({
      identity_outcome: 'not_proved',
      identity_vot: '-',
      identity_reason: 'absent',
      names: '[]',
      birth_dates: '[]',
      address: '[]',
      return_codes: '["X"]',
    });
  });

  // id: context-always-filled
  test('has a value for every key, so that no header of the caller can take its place', () => {
    const { email: _, ...nothing } = payload.claims;
    const { authTime: __, ...session } = payload;
    for (const claims of [{ ...nothing }, { email: '', phone_number: '' }]) {
      const { context } = describeUser({ ...session, claims }, authorizerClaims);

      for (const [name, value] of Object.entries(context)) {
        expect([name, value]).toEqual([name, expect.stringMatching(/^[\x21-\x7e]+$/)]);
      }
      expect(context).toMatchObject({ email: noValue, phone_number: noValue, auth_time: noValue });
    }
  });

  test('fits into a header whatever the claims contain, and can be decoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (text) => {
        const { context } = describeUser({ ...payload, claims: { email: text } }, []);
        expect(context['email']).toMatch(/^[\x21-\x7e]+$/);
        expect(decodeURIComponent(context['email'] ?? '')).toBe(text.toWellFormed());
      }),
    );
  });

  test.each([
    ['line breaks', 'a\r\nX-Admin: 1', 'a%0D%0AX-Admin:%201'],
    ['text that looks encoded', '100%25', '100%2525'],
    ['half a character', 'a\ud800b', 'a%EF%BF%BDb'],
    ['the delete character', 'a\x7fb', 'a%7Fb'],
    ['spaces at the ends', ' a ', '%20a%20'],
  ])('encodes %s', (_, email, expected) => {
    expect(describeUser({ ...payload, claims: { email } }, []).context['email']).toBe(expected);
  });
});

describe('a claim that is too long', () => {
  const long = 'ы'.repeat(500);
  const size = (context: Readonly<Record<string, string>>) =>
    Object.entries(context).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);

  test('is left out and named, and the others stay', () => {
    const identity = { ...proved('P2'), claims: { [address]: [{ streetName: long, other: long }] } };
    const claims: readonly AuthorizerClaim[] = ['address', 'phone_number', 'birth_dates'];
    const user = describeUser({ ...payload, identity, claims: { phone_number: '+44' } }, claims);

    expect(user.omitted).toEqual(['address']);
    expect(user.context).toMatchObject({
      address: noValue,
      phone_number: '+44',
      birth_dates: '["1970-01-01"]',
      omitted: 'address',
    });
  });

  test('is the first that does not fit, in the order of the config', () => {
    const entry = [{ text: 'x'.repeat(1500) }];
    const identity = {
      ...proved('P2'),
      claims: { [address]: entry, [passport]: entry, [drivingPermit]: entry },
    };
    const omitted = (claims: readonly AuthorizerClaim[]) =>
      describeUser({ ...payload, identity }, claims).omitted;

    expect(omitted(['address', 'passport', 'driving_permit'])).toEqual(['driving_permit']);
    expect(omitted(['driving_permit', 'passport', 'address'])).toEqual(['address']);
  });

  test('is one that makes the context, with the names of what is left out, longer than 4,096 bytes', () => {
    const describeEmail = (email: string) => describeUser({ ...payload, claims: { email } }, []);
    // Without an address, `email` and `omitted` have one byte each. Room is kept for the name of the address.
    const longest = 4096 - (size(describeEmail('').context) - 1 + ('email'.length - 1));
    expect(describeEmail('x'.repeat(longest)).omitted).toEqual([]);
    expect(describeEmail('x'.repeat(longest + 1)).omitted).toEqual(['email']);
  });

  test('never makes the context longer than 4,096 bytes, and neither does an email address of any length', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6000), { minLength: 4, maxLength: 4 }), (lengths) => {
        const [email = 0, ...rest] = lengths.map((length) => 'x'.repeat(length));
        const [a = '', b = '', c = ''] = rest;
        const identity = {
          ...proved('P2'),
          claims: { [address]: [{ a }], [passport]: [{ b }], [drivingPermit]: [{ c }] },
        };
        const session = { ...payload, identity, claims: { email: String(email) } };
        expect(size(describeUser(session, authorizerClaims).context)).toBeLessThanOrEqual(4096);
      }),
    );
  });

  test('does not keep the user out, and is in the log without its value', async () => {
    const { authorizer, signIn, logLines } = startAuthorizer({ claims: ['address'] });
    const identity = { ...proved('P2'), claims: { [address]: [{ streetName: long }, { streetName: long }] } };
    const answer = await authorizer(
      eventFormats['REST API']({ headers: { Cookie: await signIn({ identity }) } }),
    );

    expect(answer.context).toMatchObject({ address: noValue, omitted: 'address' });
    expect(logLines).toContainEqual({
      level: 'warn',
      event: 'claims_omitted',
      route: 'authorizer Cl.Cm',
      request_id: '00000000-0000-4000-8000-000000000001',
      message: 'too long to be passed on: address',
    });
  });
});

describe('the claims of the environment', () => {
  test('have known names', () => {
    expect(readAuthorizerClaims('["names","address"]')).toEqual(['names', 'address']);
    expect(() => readAuthorizerClaims('["name"]')).toThrow(
      'name is not a claim that an authorizer can pass on',
    );
  });
});
