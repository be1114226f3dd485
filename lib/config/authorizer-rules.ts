import type {
  AuthorizerClaim,
  AuthorizerConfig,
  ConfigFile,
  IdentityClaim,
  Scope,
} from './deployment-config.ts';
import { type Mistake, show } from './mistakes.ts';
import type { Rule } from './rule.ts';

/** What must hold between the authorizers and what is asked of One Login. */
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
      ? [{ path: `authorizers[${index}].level`, message: `${show(level)} has another authorizer already` }]
      : [],
  );
}

/**
 * Where a session does not suffice, the user is sent to a route that asks One Login for more. It must ask for enough:
 * else the user would come back, be sent there again, and so on.
 */
function checkLevels({ authorizers, authentication, identity }: ConfigFile): readonly Mistake[] {
  return authorizers.flatMap(({ level }, index) => {
    const mistake = unreachable(level, authentication.vtr, identity?.vtr);
    return mistake === undefined
      ? []
      : [{ path: `authorizers[${index}].level`, message: `${show(level)} ${mistake}` }];
  });
}

function unreachable(
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

/** Where each claim comes from. */
const sources: Readonly<Record<AuthorizerClaim, Scope | IdentityClaim>> = {
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
  const known: readonly string[] = [...scopes, ...(identity?.claims ?? [])];
  return authorizers.flatMap(({ claims }, index) =>
    claims.flatMap((claim, at) =>
      known.includes(sources[claim])
        ? []
        : [
            {
              path: `authorizers[${index}].claims[${at}]`,
              message: `${show(claim)} is never known: ${sources[claim]} is not among the ${
                sources[claim].startsWith('https:') ? 'identity.claims' : 'scopes'
              }`,
            },
          ],
    ),
  );
}
