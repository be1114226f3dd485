import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leaksIn } from '../../support/leaks.ts';
import { issuer } from '../../support/provider-documents.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

const vocab = (name: string) => `https://vocab.account.gov.uk/v1/${name}`;

/** Any text that is long enough not to appear by chance. */
const personal = fc
  .string({ unit: 'grapheme', minLength: 8, maxLength: 300 })
  .filter((text) => text.trim().length >= 8);
const date = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2020-01-01'), noInvalidDate: true })
  .map((value) => value.toISOString().slice(0, 10));

const people = fc.record({
  given: fc.array(personal, { minLength: 1, maxLength: 5 }),
  family: fc.array(personal, { maxLength: 2 }),
  validUntil: fc.option(fc.constant('2019-12-31'), { nil: undefined }),
  birthDates: fc.array(date, { minLength: 1, maxLength: 3 }),
  street: personal,
  documentNumber: personal,
  personalNumber: personal,
  email: fc.emailAddress(),
});
type Person = typeof people extends fc.Arbitrary<infer T> ? T : never;

/** The kinds of end of an identity request. Every single error is in redaction.test.ts. */
const endings: Readonly<Record<string, (rp: RelyingParty) => void>> = {
  proved: () => undefined,
  'not proved': (rp) => {
    rp.provider.coreIdentity = undefined;
  },
  'in a core identity of another issuer': (rp) => {
    rp.provider.coreIdentity = { ...rp.provider.coreIdentity, iss: issuer };
  },
  'in a core identity without a birth date': (rp) => {
    rp.provider.coreIdentity = { vot: 'P2', vc: { credentialSubject: { name: rp.provider.coreIdentity } } };
  },
  'with an address of another form': (rp) => {
    const { userinfo } = rp.provider;
    rp.provider.userinfo = { ...userinfo, [vocab('address')]: JSON.stringify(userinfo) };
  },
};

/** Proves the identity of a person. */
async function prove(person: Person, change: (rp: RelyingParty) => void = () => undefined) {
  const rp = await startRelyingParty();
  const browser = rp.browser();
  const kept: string[] = [];
  const put = rp.sessions.put.bind(rp.sessions);
  rp.sessions.put = (session) => {
    kept.push(JSON.stringify(session), Buffer.from(session.sealedPayload).toString('utf8'));
    return put(session);
  };
  const nameParts = [
    ...person.given.map((value) => ({ type: 'GivenName', value })),
    ...person.family.map((value) => ({ type: 'FamilyName', value })),
  ];
  const name = [{ nameParts, validUntil: person.validUntil }];
  const birthDate = person.birthDates.map((value) => ({ value }));
  rp.provider.coreIdentity = { vot: 'P2', vc: { credentialSubject: { name, birthDate } } };
  rp.provider.userinfo = {
    email: person.email,
    [vocab('address')]: [{ streetName: person.street }],
    [vocab('passport')]: [{ documentNumber: person.documentNumber }],
    [vocab('drivingPermit')]: [{ personalNumber: person.personalNumber }],
    [vocab('returnCode')]: [{ code: 'A' }],
  };
  change(rp);
  const page = await rp.complete(browser, '/auth/prove-identity');
  return { kept, seen: [...rp.logLines, ...kept, JSON.stringify(page)].join('\n'), rp, browser };
}

describe.each(Object.entries(endings))('the identity of any person, %s', (ending, change) => {
  // id: identity-not-leaked
  test('is in no log line, no table and no page', async () => {
    await fc.assert(
      fc.asyncProperty(people, async ({ validUntil, ...person }) => {
        const { kept, seen } = await prove({ ...person, validUntil }, change);
        const secrets = Object.entries(person).flatMap(([name, values]) =>
          [values].flat().map((value, index) => [`${name} ${index}`, value]),
        );
        expect(leaksIn(seen, Object.fromEntries(secrets))).toEqual([]);
        if (ending === 'proved') expect(kept).toHaveLength(2);
      }),
      { numRuns: 25 },
    );
  });
});

test('a proved identity is in userinfo exactly as it was, whatever it contains', async () => {
  await fc.assert(
    fc.asyncProperty(people, async (person) => {
      const { rp, browser } = await prove(person);
      const fullName = [...person.given, ...person.family].join(' ');
      expect((await rp.userinfo(browser)).body).toMatchObject({
        identity: {
          outcome: 'proved',
          names: [
            {
              given_names: person.given,
              family_names: person.family,
              full_name: fullName,
              ...(person.validUntil === undefined ? {} : { valid_until: person.validUntil }),
            },
          ],
          birth_dates: person.birthDates,
          return_codes: ['A'],
        },
        [vocab('address')]: [{ streetName: person.street }],
      });
    }),
    { numRuns: 50 },
  );
});
