import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { authorizerClaims } from '../../../lambdas/authorizer/context.ts';
import { vectorsOfTrust } from '../../../lambdas/core/one-login/vector-of-trust.ts';
import type { ReservedConcurrencyConfig, ThrottlingConfig } from '../../../lib/config/capacity-config.ts';
import type {
  ApiGatewayLogRole,
  AuthenticationVector,
  AuthorizerClaim,
  AuthorizerConfig,
  DeploymentConfig,
  Environment,
  IdentityClaim,
  IdentityVector,
  IdTokenSigningAlgorithm,
  Scope,
  SigningKeyState,
} from '../../../lib/config/deployment-config.ts';
import type { CloudFrontConfig, DomainConfig, FirewallConfig } from '../../../lib/config/edge-config.ts';
import { type ManagedRuleGroup, managedRuleGroups } from '../../../lib/config/managed-rule-groups.ts';
import type { ContactConfig, PageTextConfig, Phase } from '../../../lib/config/page-config.ts';
import { texts } from '../../../lib/pages/page-texts.ts';
import { pageNames } from '../../support/rendered-pages.ts';

interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

/** Every field that a type has, none optional: the compiler refuses one too many and one too few. */
type Complete<T> = T extends readonly (infer Entry)[]
  ? readonly [Complete<Entry>]
  : T extends object
    ? { readonly [Field in keyof T]-?: Complete<NonNullable<T[Field]>> }
    : T;

const complete: Complete<Omit<DeploymentConfig, 'pageTexts'>> & { readonly pageTexts: unknown } = {
  pageTexts: {},
  name: 'licences',
  environment: 'local',
  provider: {
    issuer: 'https://provider.example/',
    discoveryUrl: 'https://provider.example/discovery',
    coreIdentityIssuer: 'https://provider.example/',
    didUrl: 'https://provider.example/did.json',
    didId: 'did:web:provider.example',
  },
  region: 'eu-west-2',
  account: '111122223333',
  apiGatewayLogRole: 'create',
  serviceName: 'Apply for a licence',
  serviceNameWelsh: 'Gwneud cais am drwydded',
  contact: {
    name: 'Licensing team',
    nameWelsh: 'Tîm trwyddedu',
    url: '/contact',
    urlWelsh: '/cysylltu',
    email: 'help@service.example',
    phone: '0300 123 4567',
    phoneWelsh: '0300 123 4568',
    openingHours: 'Monday to Friday, 9am to 5pm',
    openingHoursWelsh: 'Dydd Llun i ddydd Gwener, 9am i 5pm',
  },
  phaseBanner: { phase: 'beta', feedbackUrl: '/feedback' },
  footerLinks: [{ text: 'Privacy', url: '/privacy', textWelsh: 'Preifatrwydd', urlWelsh: '/preifatrwydd' }],
  serviceUrl: 'https://service.example/',
  publicUrl: 'https://service.example/auth',
  domain: {
    name: 'service.example',
    certificateArn: 'arn:aws:acm:eu-west-2:111122223333:certificate/1',
    hostedZone: { id: 'Z1', name: 'example' },
  },
  cloudFront: { originSecrets: ['first'] },
  firewall: {
    managedRuleGroups: ['AWSManagedRulesCommonRuleSet'],
    rateLimits: {
      signIn: 300,
      callback: 300,
      signOut: 300,
      userinfoWithoutSession: 30_000,
      backchannelLogout: 30_000,
      jwks: 3_000,
    },
  },
  throttling: {
    login: 80,
    reauthenticate: 20,
    proveIdentity: 20,
    inPersonReturn: 20,
    callback: 80,
    userinfo: 500,
    logout: 500,
    backchannelLogout: 500,
    others: 500,
  },
  reservedConcurrency: { login: 1, callback: 1, userinfo: 1, logout: 1, backchannelLogout: 1 },
  clientId: 'client',
  scopes: ['openid'],
  authentication: { vtr: ['Cl.Cm'], maxAgeSeconds: 60 },
  identity: {
    vtr: ['Cl.Cm.P2'],
    claims: ['https://vocab.account.gov.uk/v1/coreIdentityJWT'],
    notProvedUrl: '/not-proved',
    inPersonReturnUrl: '/result',
  },
  idTokenSigningAlgorithm: 'ES256',
  signingKeys: [{ name: 'first', state: 'sign' }],
  signingKeyDeletionRoles: ['arn:aws:iam::111122223333:role/key-administrator'],
  session: { idleMinutes: 60, absoluteMinutes: 480 },
  exampleService: true,
  defaultPage: '/',
  signedOutUrl: '/goodbye',
  returnOrigins: ['https://forms.example'],
  authorizers: [
    {
      level: 'Cl.Cm',
      claims: ['names'],
      trustedOrigins: ['https://forms.example'],
      reservedConcurrency: 1,
    },
  ],
  logRetentionDays: 90,
  auditRetentionDays: 400,
  alarms: {
    topicArn: 'arn:aws:sns:eu-west-2:111122223333:on-call',
    emails: ['on-call@service.example'],
    runbookBaseUrl: 'https://service.example/runbooks',
  },
};

/** Every value that a union has: the compiler refuses one too many and one too few. */
const unions = {
  environment: values<Environment>({ local: true, integration: true, production: true }),
  apiGatewayLogRole: values<ApiGatewayLogRole>({ create: true, existing: true }),
  idTokenSigningAlgorithm: values<IdTokenSigningAlgorithm>({ ES256: true, RS256: true }),
  'scopes[]': values<Scope>({ openid: true, email: true, phone: true, 'wallet-subject-id': true }),
  'authentication.vtr[]': values<AuthenticationVector>({ Cl: true, 'Cl.Cm': true }),
  'identity.vtr[]': values<IdentityVector>({ 'Cl.Cm.P1': true, 'Cl.Cm.P2': true }),
  'identity.claims[]': values<IdentityClaim>({
    'https://vocab.account.gov.uk/v1/coreIdentityJWT': true,
    'https://vocab.account.gov.uk/v1/address': true,
    'https://vocab.account.gov.uk/v1/passport': true,
    'https://vocab.account.gov.uk/v1/drivingPermit': true,
    'https://vocab.account.gov.uk/v1/returnCode': true,
  }),
  'authorizers[].level': values<AuthorizerConfig['level']>({
    Cl: true,
    'Cl.Cm': true,
    'Cl.Cm.P1': true,
    'Cl.Cm.P2': true,
  }),
  'authorizers[].claims[]': values<AuthorizerClaim>({
    email_verified: true,
    phone_number: true,
    phone_number_verified: true,
    wallet_subject_id: true,
    names: true,
    birth_dates: true,
    address: true,
    passport: true,
    driving_permit: true,
    return_codes: true,
  }),
  'firewall.managedRuleGroups[]': values<ManagedRuleGroup>(
    Object.assign({}, ...Object.keys(managedRuleGroups).map((group) => ({ [group]: true }))),
  ),
  'phaseBanner.phase': values<Phase>({ alpha: true, beta: true }),
  'signingKeys[].state': values<SigningKeyState>({ publish: true, sign: true, retire: true }),
};

/** The fields that the type lets be absent: the compiler refuses one too many and one too few. */
const optional = values<OptionalFieldsOf<DeploymentConfig>>({
  account: true,
  serviceNameWelsh: true,
  contact: true,
  phaseBanner: true,
  serviceUrl: true,
  publicUrl: true,
  domain: true,
  cloudFront: true,
  firewall: true,
  identity: true,
  signedOutUrl: true,
});
const optionalBelow = {
  authentication: values<OptionalFieldsOf<DeploymentConfig['authentication']>>({ maxAgeSeconds: true }),
  identity: values<OptionalFieldsOf<NonNullable<DeploymentConfig['identity']>>>({
    notProvedUrl: true,
    inPersonReturnUrl: true,
  }),
  contact: values<OptionalFieldsOf<ContactConfig>>({
    nameWelsh: true,
    url: true,
    urlWelsh: true,
    email: true,
    phone: true,
    phoneWelsh: true,
    openingHours: true,
    openingHoursWelsh: true,
  }),
  session: values<OptionalFieldsOf<DeploymentConfig['session']>>({}),
  domain: values<OptionalFieldsOf<DomainConfig>>({ certificateArn: true, hostedZone: true }),
  cloudFront: values<OptionalFieldsOf<CloudFrontConfig>>({}),
  firewall: values<OptionalFieldsOf<FirewallConfig>>({}),
  throttling: values<OptionalFieldsOf<ThrottlingConfig>>({}),
  reservedConcurrency: values<OptionalFieldsOf<ReservedConcurrencyConfig>>({
    login: true,
    callback: true,
    userinfo: true,
    logout: true,
    backchannelLogout: true,
  }),
  provider: values<OptionalFieldsOf<DeploymentConfig['provider']>>({}),
  alarms: values<OptionalFieldsOf<DeploymentConfig['alarms']>>({ topicArn: true, runbookBaseUrl: true }),
};

const schema: Schema = JSON.parse(read('config/schema.json'));
/** But for what a page may say, which is the same on every page and has a test of its own. */
const fields = new Map(fieldsOf(schema, '').filter(([path]) => !path.startsWith('pageTexts.')));

describe('config/schema.json and the type DeploymentConfig', () => {
  test('have the same fields', () => {
    expect([...fields.keys()].filter((path) => path !== '$schema').sort()).toEqual(
      pathsOf(complete, '').sort(),
    );
  });

  test('allow the same values', () => {
    const enums = [...fields].filter(([path, { enum: allowed }]) => allowed && !/RetentionDays$/.test(path));

    expect(
      Object.fromEntries(enums.map(([path, { enum: allowed = [] }]) => [path, [...allowed].sort()])),
    ).toEqual(
      Object.fromEntries(Object.entries(unions).map(([path, allowed]) => [path, [...allowed].sort()])),
    );
  });

  test('agree on what may be absent, once defaults are filled in', () => {
    // The provider is filled in by the environment.
    expect(missingWithoutDefault(schema)).toEqual(['$schema', 'provider', ...optional].sort());
    for (const [path, fieldsBelow] of Object.entries(optionalBelow)) {
      expect([path, missingWithoutDefault(fields.get(path) ?? {})]).toEqual([path, [...fieldsBelow].sort()]);
    }
  });

  test('know the pages, and what each of them may say', () => {
    const { pageTexts } = schema.properties ?? {};
    const { pageText } = schema.definitions ?? {};

    const ofApiGateway = Object.keys(texts.en.gatewayPages).filter(
      (name) => name !== 'sign-in-needed' && name !== 'access-denied',
    );
    expect(Object.keys(pageTexts?.properties ?? {}).sort()).toEqual([...pageNames, ...ofApiGateway].sort());
    expect(Object.keys(pageText?.properties ?? {})).toEqual(
      values<keyof PageTextConfig>({ title: true, text: true, action: true }),
    );
    const ours = Object.entries({ ...texts.en.gatewayPages, ...texts.en.pages });
    const withoutAction = Object.entries(pageTexts?.properties ?? {})
      .filter(([, { $ref }]) => $ref === '#/definitions/pageTextsWithoutAction')
      .map(([name]) => name);
    expect(withoutAction.sort()).toEqual(
      ours
        .filter(([, { action }]) => action === undefined)
        .map(([name]) => name)
        .sort(),
    );
  });

  test('know the vectors of trust that the functions know', () => {
    expect([...unions['authentication.vtr[]'], ...unions['identity.vtr[]']].sort()).toEqual(
      [...vectorsOfTrust].sort(),
    );
  });

  test('know the claims that the authorizers can pass on', () => {
    expect([...unions['authorizers[].claims[]']].sort()).toEqual([...authorizerClaims].sort());
  });

  test('describe every field to whoever edits a config file', () => {
    for (const [path, { description }] of fields) {
      if (!path.endsWith('[]')) expect([path, description]).toEqual([path, expect.stringMatching(/\.$/)]);
    }
  });

  test('are explained in docs/configuration.md, every field', () => {
    const documentation = read('docs/configuration.md');
    const explained = [...documentation.matchAll(/^### `([^`]+)`/gm)].map(([, path]) => path);

    expect(explained.sort()).toEqual([...fields.keys()].filter((path) => !path.endsWith('[]')).sort());
  });
});

type OptionalFieldsOf<T> = {
  [Field in keyof T]-?: undefined extends T[Field] ? Field : never;
}[keyof T] &
  string;

function values<T extends string>(all: Readonly<Record<T, true>>): readonly string[] {
  return Object.keys(all);
}

/** The fields of an object that a file may leave out, and that are still not there afterwards. */
function missingWithoutDefault({ properties = {}, required = [] }: Schema): readonly string[] {
  return Object.entries(properties)
    .filter(([name, field]) => !required.includes(name) && field.default === undefined)
    .map(([name]) => name)
    .sort();
}

/** Every field with its path, such as `signingKeys[].state`. */
function fieldsOf({ properties = {}, items }: Schema, path: string): [string, Schema][] {
  const below = Object.entries(properties).map(([name, field]): [string, Schema] => [
    path === '' ? name : `${path}.${name}`,
    field,
  ]);
  const entries: [string, Schema][] = items === undefined ? [] : [[`${path}[]`, items]];
  return [...below, ...entries].flatMap(([name, field]) => [[name, field], ...fieldsOf(field, name)]);
}

function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const name = Array.isArray(value) ? `${path}[]` : path === '' ? key : `${path}.${key}`;
    return [name, ...pathsOf(below, name)];
  });
}

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}
