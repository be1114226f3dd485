import { describe, expect, test } from '@jest/globals';
import type { CoreIdentity } from '../../../../lambdas/core/one-login/core-identity.ts';
import {
  identityClaimNames,
  readIdentityClaims,
  readReturnCodes,
  selectReleasedClaims,
} from '../../../../lambdas/core/one-login/identity-claims.ts';

const { address, passport, drivingPermit, returnCode } = identityClaimNames;
const received = {
  [address]: [{ postalCode: 'SW1A 2AA', uprn: 100120472196 }],
  [passport]: [{ documentNumber: '1223456', icaoIssuerCode: 'GBR', expiryDate: '2032-02-02' }],
  [drivingPermit]: [{ expiryDate: '2032-02-02', issuedBy: 'DVA', personalNumber: 'DOE99' }],
  [returnCode]: [{ code: 'B' }, { code: 'A' }],
};
const coreIdentity = { vot: 'P2', names: [], birthDates: [] } as unknown as CoreIdentity;

describe('identity claims', () => {
  test('are passed on as they came, whatever is missing or new in them', () => {
    const claims = {
      ...received,
      [address]: [{}, { addressRegion: 'CA', addressCountry: 'US', planet: { name: ['Earth'] } }],
    };
    expect(readIdentityClaims({ ...claims, sub: 'x', 'https://vocab.example/other': [{}] })).toEqual({
      claims,
    });
  });

  test('may be absent or null', () => {
    expect(readIdentityClaims({ [address]: null })).toEqual({ claims: {} });
  });

  test('have the current addresses first, otherwise in the order of the provider', () => {
    const addresses = [
      { id: 1, validUntil: '2019-12-31' },
      { id: 2, validUntil: null },
      { id: 3, validUntil: '2009-12-31' },
      { id: 4 },
    ];
    const claims = { [address]: [addresses[1], addresses[3], addresses[0], addresses[2]] };
    expect(readIdentityClaims({ [address]: addresses })).toEqual({ claims });
    const others = { [drivingPermit]: addresses };
    expect(readIdentityClaims(others)).toEqual({ claims: others });
  });

  test.each([address, passport, drivingPermit, returnCode])(
    'are ill-formed when %s is no list of objects',
    (name) => {
      for (const value of [{}, 'text', 1, false, ['text'], [{}, null], [[]]]) {
        expect(readIdentityClaims({ [name]: value })).toEqual({ malformed: name });
      }
    },
  );

  test('are all passed on with a core identity', () => {
    expect(selectReleasedClaims(received, coreIdentity)).toEqual(received);
  });

  test('are not passed on without a core identity, except for the return codes', () => {
    expect(selectReleasedClaims(received, undefined)).toEqual({ [returnCode]: received[returnCode] });
    expect(selectReleasedClaims({ [address]: received[address] }, undefined)).toEqual({});
  });
});

describe('return codes', () => {
  test('are letters in the order of the provider', () => {
    expect(readReturnCodes(received)).toEqual(['B', 'A']);
  });

  test('may be absent, empty or of an unknown form', () => {
    expect(readReturnCodes({})).toEqual([]);
    expect(readReturnCodes({ [returnCode]: [] })).toEqual([]);
    expect(readReturnCodes({ [returnCode]: [{ letter: 'A' }, { code: 1 }, { code: 'Z' }] })).toEqual(['Z']);
  });
});
