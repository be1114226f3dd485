import { describe, expect, it } from '@jest/globals';
import {
  findStepUp,
  listIdentityClaims,
  listLevelsOfConfidence,
  usesMaxAge,
} from '../../../lib/config/journeys.ts';
import { type Changes, findMistakes, identity, validateWith, vocab } from './find-mistakes.ts';

const address = `${vocab}/address`;
const lowest: Changes = {
  authentication: { vtr: ['Cl', 'Cl.Cm'], maxAgeSeconds: 3600 },
  identity: { ...identity, vtr: ['Cl.Cm.P1', 'Cl.Cm.P2'] },
};
const withJourney = (journey: Changes, changes: Changes = {}): Changes => ({
  ...lowest,
  ...changes,
  journeys: [{ name: 'benefits', vtr: ['Cl.Cm.P2'], ...journey }],
});

describe('validateConfig with journeys', () => {
  it('accepts a journey that requests more, and other claims', () => {
    const journeys = [
      { name: 'pay', vtr: ['Cl.Cm'], maxAgeSeconds: 300 },
      { name: 'same', vtr: ['Cl'], maxAgeSeconds: 3600 },
      {
        name: 'benefits',
        vtr: ['Cl.Cm.P2'],
        claims: [...identity.claims, address],
        notProvedUrl: '/phone-us',
      },
      { name: 'either', vtr: ['Cl.Cm.P2', 'Cl.Cm.P1'] },
    ];

    expect(validateWith({ ...lowest, journeys }).journeys).toEqual(journeys);
  });

  it.each<[string, Changes]>([
    [
      'journeys[0].name: "Benefits" is not allowed; allowed: lower-case letters',
      withJourney({ name: 'Benefits' }),
    ],
    ['journeys[0].vtr[0]: "P2" is not allowed', withJourney({ vtr: ['P2'] })],
    ['journeys[0].vtr: is missing', withJourney({ vtr: undefined })],
    [
      'journeys[1].name: "pay" is also the name of another journey',
      {
        ...lowest,
        journeys: [
          { name: 'pay', vtr: ['Cl'] },
          { name: 'pay', vtr: ['Cl.Cm'] },
        ],
      },
    ],
    [
      'journeys[0].vtr: has vectors with and without a level of confidence, which One Login refuses',
      withJourney({ vtr: ['Cl.Cm', 'Cl.Cm.P2'] }),
    ],
    [
      'journeys[0].vtr: has a level of confidence, which needs identity to be configured',
      withJourney({}, { identity: undefined }),
    ],
    [
      'journeys[0].vtr: requests less than identity.vtr, Cl.Cm.P2: put the lowest level into identity.vtr',
      withJourney({ vtr: ['Cl.Cm.P2', 'Cl.Cm.P1'] }, { identity }),
    ],
    [
      'journeys[0].vtr: requests less than authentication.vtr, Cl.Cm: put the lowest level into authentication.vtr',
      withJourney({ vtr: ['Cl'] }, { authentication: { vtr: ['Cl.Cm'] } }),
    ],
    [
      'journeys[0].claims: is only allowed in a journey whose vtr has a level of confidence',
      withJourney({ vtr: ['Cl.Cm'], claims: identity.claims }),
    ],
    [
      'journeys[0].notProvedUrl: is only allowed in a journey whose vtr has a level of confidence',
      withJourney({ vtr: ['Cl.Cm'], notProvedUrl: '/phone-us' }),
    ],
    [`journeys[0].claims: must include ${vocab}/coreIdentityJWT`, withJourney({ claims: [address] })],
    [
      'journeys[0].maxAgeSeconds: 3601 is more than authentication.maxAgeSeconds, 3600',
      withJourney({ maxAgeSeconds: 3601 }),
    ],
    [
      'journeys[0].notProvedUrl: "https://elsewhere.example/" is at an origin that is not allowed',
      withJourney({ notProvedUrl: 'https://elsewhere.example/' }),
    ],
    [
      'journeys: have 2001 characters in all, and a function has room for 2000',
      withJourney({ notProvedUrl: `/${'a'.repeat(2001 - 59)}` }),
    ],
  ])('refuses the config: %s', (mistake, changes) => {
    expect(findMistakes(changes)).toEqual([expect.stringContaining(mistake)]);
  });

  it('lets an authorizer require a level that only a journey reaches', () => {
    const authorizers = [{ level: 'Cl.Cm' }, { level: 'Cl.Cm.P2', claims: ['address', 'identity_claims'] }];
    const journeys = [
      { name: 'pay', vtr: ['Cl.Cm'] },
      { name: 'benefits', vtr: ['Cl.Cm.P2'], claims: [...identity.claims, address] },
    ];

    expect(findMistakes({ ...lowest, authorizers, journeys })).toEqual([]);
  });

  it('refuses identity_claims of an authorizer without journeys', () => {
    const authorizers = [{ level: 'Cl', claims: ['identity_claims'] }];

    expect(findMistakes({ ...lowest, authorizers })).toEqual([
      'authorizers[0].claims[0]: "identity_claims" is never known: there are no journeys',
    ]);
  });
});

describe('the step-up of an authorizer', () => {
  const config = validateWith({
    ...lowest,
    journeys: [
      { name: 'pay', vtr: ['Cl.Cm'] },
      { name: 'benefits', vtr: ['Cl.Cm.P2'] },
      { name: 'moving', vtr: ['Cl.Cm.P2'], claims: [...identity.claims, address] },
    ],
  });

  it.each([
    ['Cl', [], 'login'],
    ['Cl.Cm', [], 'login?journey=pay'],
    ['Cl.Cm.P1', [], 'prove-identity'],
    ['Cl.Cm.P1', ['address'], 'prove-identity?journey=moving'],
    ['Cl.Cm.P2', ['names'], 'prove-identity?journey=benefits'],
    ['Cl.Cm.P2', ['names', 'address'], 'prove-identity?journey=moving'],
    ['Cl.Cm.P2', ['passport'], 'prove-identity?journey=benefits'],
  ] as const)('at %s with the claims %j is %s', (level, claims, path) => {
    expect(findStepUp(config, { level, claims })).toBe(path);
  });
});

describe('the registration that journeys need', () => {
  it('has every level, every claim and max_age', () => {
    const config = validateWith({
      identity: { ...identity, vtr: ['Cl.Cm.P1'] },
      journeys: [
        { name: 'moving', vtr: ['Cl.Cm.P2'], claims: [...identity.claims, address], maxAgeSeconds: 60 },
      ],
    });

    expect(listLevelsOfConfidence(config)).toEqual(['P1', 'P2']);
    expect(listIdentityClaims(config)).toEqual([...identity.claims, address]);
    expect(usesMaxAge(config)).toBe(true);
  });
});
