import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { listIdentityClaims, listLevelsOfConfidence, usesMaxAge } from '../../lib/config/journeys.ts';
import { checkOrigin } from '../../lib/config/urls.ts';

/** One field of the registration at One Login. */
export interface Entry {
  /** Its name in the admin tool. */
  readonly label: string;
  /** Its name in the production JSON, in any mixture of upper and lower case. */
  readonly attribute: string;
  /** Undefined if a person has to decide. `note` explains what. */
  readonly value: EntryValue | undefined;
  readonly note?: string;
  /** Whether the registration can have more values. */
  readonly mayHaveMore?: boolean;
  /** Returns what is wrong with a value that a person decided. */
  readonly findMistake?: (value: string) => string | undefined;
}

export type EntryValue = string | boolean | readonly string[];

const maxAgeNote = 'without it One Login ignores maxAgeSeconds, and sign-ins end in max_age_ignored';

/**
 * Builds everything to register at One Login for a deployment, in the order of the admin tool.
 *
 * @param publicUrl the public URL up to and including `/auth`
 * @param sectorIdentifier an origin on a domain of the service. It must never change. Undefined if it is not decided
 * @see https://docs.sign-in.service.gov.uk/before-integrating/register-and-manage-your-service/
 * @see https://docs.sign-in.service.gov.uk/configure-for-production/
 */
export function buildRegistration(
  config: DeploymentConfig,
  publicUrl: string,
  sectorIdentifier: string | undefined,
): readonly Entry[] {
  const { identity, environment } = config;
  const landingPageUrl = `${publicUrl}/in-person-return`;
  return [
    entry('Client ID', 'ClientID', config.clientId),
    entry('Client name', 'ClientName', config.serviceName, 'users see it at One Login'),
    // The document for production has no contacts.
    ...(environment === 'production'
      ? []
      : [entry('Contacts', 'Contacts', undefined, 'email addresses for technical matters')]),
    entry('Redirect URLs', 'RedirectUrls', [`${publicUrl}/callback`]),
    entry('Post-logout redirect URLs', 'PostLogoutRedirectUrls', [`${publicUrl}/signed-out`]),
    entry('Back-channel logout URI', 'BackChannelLogoutUri', `${publicUrl}/backchannel-logout`),
    ...(identity === undefined
      ? []
      : [entry('Landing page URL', 'LandingPageUrl', landingPageUrl, 'after an in-person check')]),
    {
      ...entry(
        'Sector identifier URI',
        'SectorIdentifierUri',
        sectorIdentifier,
        `--sector-identifier, such as ${new URL(publicUrl).origin}; never change it: every user's sub depends on it`,
      ),
      findMistake: checkOrigin,
    },
    entry('Scopes', 'Scopes', config.scopes),
    entry('Identity verification', 'IdentityVerificationSupported', identity !== undefined),
    ...(identity === undefined ? [] : [entry('Claims', 'Claims', listIdentityClaims(config))]),
    { ...entry('Levels of confidence', 'ClientLoCs', listLevelsOfConfidence(config)), mayHaveMore: true },
    entry('Token authentication method', 'TokenAuthMethod', 'private_key_jwt'),
    entry('Public key source', 'PublicKeySource', 'JWKS', 'not a fixed public key'),
    entry('JWKS URL', 'JwksUrl', `${publicUrl}/.well-known/jwks.json`),
    entry('ID token signing algorithm', 'IdTokenSigningAlgorithm', config.idTokenSigningAlgorithm),
    entry('PKCE enforced', 'PKCEEnforced', true),
    entry('JAR required', 'JarValidationRequired', true),
    ...(usesMaxAge(config) ? [entry('max_age used', 'MaxAgeEnabled', true, maxAgeNote)] : []),
    entry('Client type', 'ClientType', 'web'),
    entry('Subject type', 'SubjectType', 'pairwise'),
  ];
}

function entry(label: string, attribute: string, value: EntryValue | undefined, note?: string): Entry {
  return { label, attribute, value, ...(note === undefined ? {} : { note }) };
}
