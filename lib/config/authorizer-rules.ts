import type { AuthorizerConfig, ConfigFile } from './deployment-config.ts';
import { claimSources, findStepUp, listIdentityClaims } from './journeys.ts';
import { formatValue, type Mistake, type Rule } from './mistakes.ts';

/** Rules between the authorizers and the requests to One Login. */
export const authorizerRules: readonly Rule[] = [
  { reads: /^authorizers(\[\d+\](\.level)?)?$/, check: checkLevelsDiffer },
  {
    reads: /^(authentication|identity)(\.vtr(\[\d+\])?)?$|^journeys|^authorizers(\[\d+\](\.level)?)?$/,
    check: checkLevels,
  },
  {
    reads:
      /^scopes(\[\d+\])?$|^journeys|^identity(\.claims(\[\d+\])?)?$|^authorizers(\[\d+\](\.claims(\[\d+\])?)?)?$/,
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
 * The authorizer sends a user whose session is not enough to a route that requests more from One Login. The route must
 * request enough. Otherwise the user would come back and be sent there again, without end.
 */
function* checkLevels(config: ConfigFile): Generator<Mistake> {
  for (const [index, { level }] of config.authorizers.entries()) {
    if (findStepUp(config, { level, claims: [] }) !== undefined) continue;
    const mistake = describeLevelMistake(level, config);
    yield { path: `authorizers[${index}].level`, message: `${formatValue(level)} ${mistake}` };
  }
}

function describeLevelMistake(level: AuthorizerConfig['level'], { identity }: ConfigFile): string {
  if (level === 'Cl.Cm')
    return 'is more than /auth/login requests: authentication.vtr has Cl, and no journey is without';
  if (identity === undefined) return 'needs identity to be configured';
  return 'is more than /auth/prove-identity requests: identity.vtr has Cl.Cm.P1, and no journey is without';
}

function* checkClaims(config: ConfigFile): Generator<Mistake> {
  const requested: readonly string[] = [...config.scopes, ...listIdentityClaims(config)];
  for (const [index, { claims }] of config.authorizers.entries()) {
    for (const [at, claim] of claims.entries()) {
      const path = `authorizers[${index}].claims[${at}]`;
      if (claim === 'identity_claims' && config.journeys.length === 0) {
        yield { path, message: `${formatValue(claim)} is never known: there are no journeys` };
        continue;
      }
      const source = claimSources[claim];
      if (requested.includes(source)) continue;
      const list = source.startsWith('https:') ? 'identity.claims' : 'scopes';
      const message = `${formatValue(claim)} is never known: ${source} is not among the ${list}`;
      yield { path, message };
    }
  }
}
