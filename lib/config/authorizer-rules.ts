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

function* checkLevelsDiffer({ authorizers }: ConfigFile): Generator<Mistake> {
  const levels = authorizers.map(({ level }) => level);
  for (const [index, level] of levels.entries()) {
    if (levels.indexOf(level) === index) continue;
    yield { path: `authorizers[${index}].level`, message: `${formatValue(level)} already has an authorizer` };
  }
}

/**
 * The authorizer sends a user whose session is not enough to a route that asks One Login for more. The route must ask
 * for enough: otherwise the user would come back and be sent there again, without end.
 */
function* checkLevels({ authorizers, authentication, identity }: ConfigFile): Generator<Mistake> {
  for (const [index, { level }] of authorizers.entries()) {
    const mistake = findLevelMistake(level, authentication.vtr, identity?.vtr);
    if (mistake === undefined) continue;
    yield { path: `authorizers[${index}].level`, message: `${formatValue(level)} ${mistake}` };
  }
}

function findLevelMistake(
  level: AuthorizerConfig['level'],
  authenticationVtr: ConfigFile['authentication']['vtr'],
  identityVtr: NonNullable<ConfigFile['identity']>['vtr'] | undefined,
): string | undefined {
  if (level === 'Cl.Cm' && authenticationVtr.includes('Cl'))
    return 'is more than /auth/login asks for: authentication.vtr has Cl';
  if (level === 'Cl' || level === 'Cl.Cm') return undefined;
  if (identityVtr === undefined) return 'needs identity to be configured';
  return level === 'Cl.Cm.P2' && identityVtr.includes('Cl.Cm.P1')
    ? 'is more than /auth/prove-identity asks for: identity.vtr has Cl.Cm.P1'
    : undefined;
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

function* checkClaims({ authorizers, scopes, identity }: ConfigFile): Generator<Mistake> {
  const requested: readonly string[] = [...scopes, ...(identity?.claims ?? [])];
  for (const [index, { claims }] of authorizers.entries()) {
    for (const [at, claim] of claims.entries()) {
      const source = claimSources[claim];
      if (requested.includes(source)) continue;
      const list = source.startsWith('https:') ? 'identity.claims' : 'scopes';
      const message = `${formatValue(claim)} is never known: ${source} is not among the ${list}`;
      yield { path: `authorizers[${index}].claims[${at}]`, message };
    }
  }
}
