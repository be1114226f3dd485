import { loadLocalConfig } from '../../local/local-config.ts';

const [coreIdentity, address, passport] = ['coreIdentityJWT', 'address', 'passport'].map(
  (name) => `https://vocab.account.gov.uk/v1/${name}`,
) as [
  'https://vocab.account.gov.uk/v1/coreIdentityJWT',
  'https://vocab.account.gov.uk/v1/address',
  'https://vocab.account.gov.uk/v1/passport',
];

const local = loadLocalConfig();

/** The local deployment as a service with several journeys. Test files share it, so that it is synthesised once. */
export const journeysConfig: typeof local = {
  ...local,
  authentication: { vtr: ['Cl'], maxAgeSeconds: 7200 },
  identity: { ...local.identity, vtr: ['Cl.Cm.P1'], claims: [coreIdentity, address] },
  journeys: [
    { name: 'pay', vtr: ['Cl.Cm'], maxAgeSeconds: 600 },
    { name: 'licence', vtr: ['Cl.Cm.P2'], notProvedUrl: '/?not-proved=licence' },
    { name: 'travel', vtr: ['Cl.Cm.P1'], claims: [coreIdentity, passport] },
  ],
  authorizers: [
    { level: 'Cl.Cm', claims: [], trustedOrigins: [] },
    { level: 'Cl.Cm.P2', claims: ['names', 'birth_dates', 'address', 'identity_claims'], trustedOrigins: [] },
  ],
};
