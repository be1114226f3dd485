import type {
  AuthorizerClaim,
  AuthorizerConfig,
  ConfigFile,
  IdentityClaim,
  Scope,
} from './deployment-config.ts';
import { formatValue, type Mistake, type Rule } from './mistakes.ts';

/** Rules between the authorizers and the requests to One Login. */
export const authorizerRules: readonly Rule[] = [
  { reads: /^authorizers(\[\d+\](\.level)?)?$/, check: checkLevelsDiffer },
  {
    reads: /^(authentication|identity)(\.vtr(\[\d+\])?)?$|^authorizers(\[\d+\](\.level)?)?$/,
    check: checkLevels,
  },
  {
    reads: /^scopes(\[\d+\])?$|^identity(\.claims(\[\d+\])?)?$|^authorizers(\[\d+\](\.claims(\[\d+\])?)?)?$/,
    check: checkClaims,
  },
];

function checkLevelsDiffer({ authorizers }: ConfigFile): readonly Mistake[] {
  const levels = authorizers.map(({ level }) => level);
  return levels.flatMap((level, index) =>
    levels.indexOf(level) < index
      ? [
          {
            path: `authorizers[${index}].level`,
            message: `${formatValue(level)} already has an authorizer`,
          },
        ]
      : [],
  );
}

/**
 * The authorizer sends a user whose session is not enough to a route that asks One Login for more. The route must ask
 * for enough: otherwise the user would come back and be sent there again, without end.
 */
function checkLevels({ authorizers, authentication, identity }: ConfigFile): readonly Mistake[] {
  return authorizers.flatMap(({ level }, index) => {
    const mistake = findLevelMistake(level, authentication.vtr, identity?.vtr);
    return mistake === undefined
      ? []
      : [{ path: `authorizers[${index}].level`, message: `${formatValue(level)} ${mistake}` }];
  });
}

function findLevelMistake(
  level: AuthorizerConfig['level'],
  authenticationVtr: ConfigFile['authentication']['vtr'],
  identityVtr: NonNullable<ConfigFile['identity']>['vtr'] | undefined,
): string | undefined {
  switch (level) {
    case 'Cl':
      return undefined;
    case 'Cl.Cm':
      return authenticationVtr.includes('Cl')
        ? 'is more than /auth/login asks for: authentication.vtr has Cl'
        : undefined;
    case 'Cl.Cm.P1':
      return identityVtr === undefined ? 'needs identity to be configured' : undefined;
    case 'Cl.Cm.P2':
      if (identityVtr === undefined) return 'needs identity to be configured';
      return identityVtr.includes('Cl.Cm.P1')
        ? 'is more than /auth/prove-identity asks for: identity.vtr has Cl.Cm.P1'
        : undefined;
  }
}

/** The scope or identity claim that each claim comes from. */
const claimSources: Readonly<Record<AuthorizerClaim, Scope | IdentityClaim>> = {
  email_verified: 'email',
  phone_number: 'phone',
  phone_number_verified: 'phone',
  wallet_subject_id: 'wallet-subject-id',
  names: 'https://vocab.account.gov.uk/v1/coreIdentityJWT',
  birth_dates: 'https://vocab.account.gov.uk/v1/coreIdentityJWT',
  address: 'https://vocab.account.gov.uk/v1/address',
  passport: 'https://vocab.account.gov.uk/v1/passport',
  driving_permit: 'https://vocab.account.gov.uk/v1/drivingPermit',
  return_codes: 'https://vocab.account.gov.uk/v1/returnCode',
};

function checkClaims({ authorizers, scopes, identity }: ConfigFile): readonly Mistake[] {
  const requested: readonly string[] = [...scopes, ...(identity?.claims ?? [])];
  return authorizers.flatMap(({ claims }, index) =>
    claims.flatMap((claim, at) =>
      requested.includes(claimSources[claim])
        ? []
        : [
            {
              path: `authorizers[${index}].claims[${at}]`,
              message: `${formatValue(claim)} is never known: ${claimSources[claim]} is not among the ${
                claimSources[claim].startsWith('https:') ? 'identity.claims' : 'scopes'
              }`,
            },
          ],
    ),
  );
}
