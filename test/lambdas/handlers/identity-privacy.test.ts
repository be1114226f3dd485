import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createProviderSigningKey, did, issuer } from '../../support/provider-documents.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

const vocab = (name: string) => `https://vocab.account.gov.uk/v1/${name}`;

/** Any text that is long enough not to turn up by chance. */
const personal = fc
  .string({ unit: 'grapheme', minLength: 8, maxLength: 300 })
  .filter((text) => text.trim().length >= 8);

const people = fc.record({
  given: fc.array(personal, { minLength: 1, maxLength: 5 }),
  family: fc.array(personal, { maxLength: 2 }),
  former: fc.boolean(),
  birthDates: fc.array(
    fc.date({ min: new Date('1900-01-01'), max: new Date('2020-01-01'), noInvalidDate: true }),
    { minLength: 1, maxLength: 3 },
  ),
  street: personal,
  documentNumber: personal,
  personalNumber: personal,
  email: fc.emailAddress(),
});
type Person = typeof people extends fc.Arbitrary<infer T> ? T : never;

/** Every way in which an identity request can end. */
const endings: Readonly<Record<string, (rp: RelyingParty) => void>> = {
  proved: () => undefined,
  'not proved': (rp) => {
    rp.provider.coreIdentity = undefined;
  },
  'of another issuer': (rp) => change(rp, { iss: issuer }),
  'for another client': (rp) => change(rp, { aud: 'another' }),
  'of another user': (rp) => change(rp, { sub: 'another' }),
  'of a lower level': (rp) => change(rp, { vot: 'P1' }),
  expired: (rp) => change(rp, { exp: 1 }),
  'without a birth date': (rp) =>
    change(rp, { vc: { credentialSubject: { name: rp.provider.coreIdentity?.['vc'] } } }),
  'by an unknown key': (rp) => {
    rp.provider.intercept = ({ url }) =>
      url.endsWith('did.json')
        ? Promise.resolve({ status: 500, headers: {}, body: 'out of order' })
        : undefined;
    rp.provider.identityKey = createProviderSigningKey(`${did}#another`);
  },
  'with userinfo of another user': (rp) => {
    rp.provider.userinfo = { ...rp.provider.userinfo, sub: 'another' };
  },
  'with an address that is none': (rp) => {
    rp.provider.userinfo = {
      ...rp.provider.userinfo,
      [vocab('address')]: JSON.stringify(rp.provider.userinfo),
    };
  },
  'with an ID token that has the wrong nonce': (rp) => {
    rp.provider.changeIdToken = (claims) => ({ ...claims, nonce: 'another' });
  },
};

function change(rp: RelyingParty, claims: Readonly<Record<string, unknown>>): void {
  rp.provider.coreIdentity = { ...rp.provider.coreIdentity, ...claims };
}

function becomes(rp: RelyingParty, person: Person): void {
  const name = {
    nameParts: [
      ...person.given.map((value) => ({ type: 'GivenName', value })),
      ...person.family.map((value) => ({ type: 'FamilyName', value })),
    ],
    ...(person.former ? { validUntil: '2019-12-31' } : {}),
  };
  const birthDate = person.birthDates.map((date) => ({ value: date.toISOString().slice(0, 10) }));
  rp.provider.coreIdentity = { vot: 'P2', vc: { credentialSubject: { name: [name], birthDate } } };
  rp.provider.userinfo = {
    email: person.email,
    [vocab('address')]: [{ streetName: person.street }],
    [vocab('passport')]: [{ documentNumber: person.documentNumber }],
    [vocab('drivingPermit')]: [{ personalNumber: person.personalNumber }],
    [vocab('returnCode')]: [{ code: 'A' }],
  };
}

const collectSecrets = ({
  given,
  family,
  birthDates,
  street,
  documentNumber,
  personalNumber,
  email,
}: Person) => [
  ...given,
  ...family,
  ...birthDates.map((date) => date.toISOString().slice(0, 10)),
  street,
  documentNumber,
  personalNumber,
  email,
];

/** The forms in which a text could stand somewhere. */
function listForms(text: string): readonly string[] {
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1),
    Buffer.from(text).toString('base64url').slice(0, -1),
    Buffer.from(text).toString('hex'),
  ];
}

describe.each(Object.keys(endings))('the identity of any person, %s', (ending) => {
  test('is in no log line, no table and no page', async () => {
    await fc.assert(
      fc.asyncProperty(people, async (person) => {
        const rp = await startRelyingParty();
        const kept: string[] = [];
        const put = rp.sessions.put.bind(rp.sessions);
        rp.sessions.put = (session) => {
          kept.push(JSON.stringify(session), Buffer.from(session.sealedPayload).toString('utf8'));
          return put(session);
        };
        const browser = rp.browser();
        becomes(rp, person);
        endings[ending]?.(rp);
        const response = await rp.begin(browser, '', '/auth/prove-identity');
        const page = await rp.callback(browser, response);
        const seen = [...rp.logLines, ...kept, JSON.stringify(page)].join('\n');
        for (const secret of collectSecrets(person)) {
          for (const form of listForms(secret)) expect(seen.includes(form) ? form : '').toBe('');
        }
        if (ending === 'proved') expect(kept).toHaveLength(2);
      }),
      { numRuns: 25 },
    );
  });
});

test('a proved identity comes out of userinfo exactly as it was, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(people, async (person) => {
      const rp = await startRelyingParty();
      const browser = rp.browser();
      becomes(rp, person);
      await rp.callback(browser, await rp.begin(browser, '', '/auth/prove-identity'));
      expect((await rp.userinfo(browser)).body).toMatchObject({
        identity: {
          outcome: 'proved',
          names: [{ given_names: person.given, family_names: person.family }],
          birth_dates: person.birthDates.map((date) => date.toISOString().slice(0, 10)),
        },
        [vocab('address')]: [{ streetName: person.street }],
      });
    }),
    { numRuns: 50 },
  );
});
