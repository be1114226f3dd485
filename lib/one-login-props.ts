import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack, type StackProps, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type {
  AuthenticationConfig,
  AuthorizerConfig,
  ConfigFile,
  DeploymentConfig,
  FirewallConfig,
  FirewallRateLimits,
  IdentityConfig,
  JourneyConfig,
  ThrottlingConfig,
} from './config/deployment-config.ts';
import { loadConfig } from './config/load-config.ts';
import { ConfigError } from './config/mistakes.ts';
import { buildStackName } from './config/stack-name.ts';
import { validateConfig } from './config/validate-config.ts';
import type { AlarmOverrides } from './monitoring/alarms.ts';

const required = ['name', 'environment', 'serviceName', 'clientId', 'scopes', 'signingKeys'] as const;
const optional = [
  'provider',
  'apiGatewayLogRole',
  'serviceNameWelsh',
  'contact',
  'phaseBanner',
  'footerLinks',
  'pageTexts',
  'serviceUrl',
  'publicUrl',
  'cookieName',
  'reservedConcurrency',
  'idTokenSigningAlgorithm',
  'publishedKeys',
  'defaultPage',
  'signedOutUrl',
  'returnOrigins',
  'exampleService',
  'canary',
] as const;
/** Fields with the same name, type and default in a config file. */
const sameInFile = [...required, ...optional, 'firewall', 'throttling', 'journeys', 'authorizers'] as const;

/**
 * One deployment: the fields of a config file, flat and in the types of the CDK. {@link propsFromConfig} reads them from
 * a file.
 */
export interface OneLoginProps
  extends Pick<ConfigFile, (typeof required)[number]>,
    Partial<Pick<ConfigFile, (typeof optional)[number]>> {
  /** The vectors of trust to accept at `/auth/login`: `Cl`, or `Cl.Cm` with a second factor. */
  readonly authenticationVtr: AuthenticationConfig['vtr'];
  /**
   * `max_age`: the longest time since the user signed in at One Login, in whole seconds. One Login uses it only for
   * clients that are registered for it.
   * @default as long as One Login keeps users signed in
   */
  readonly maxAge?: Duration;
  /**
   * The vectors of trust to accept for an identity request: `Cl.Cm.P1`, `Cl.Cm.P2`.
   * @default the service proves no identities
   */
  readonly identityVtr?: IdentityConfig['vtr'];
  /** The claims of an identity request, as registered. Required with {@link identityVtr}. */
  readonly identityClaims?: IdentityConfig['claims'];
  /**
   * What parts of the service request from One Login where that differs, each with `?journey=` and its name. See
   * `docs/journeys.md`.
   * @default []
   */
  readonly journeys?: readonly JourneyConfig[];
  /**
   * The page for users whose identity was not proved, in the form of {@link defaultPage}.
   * @default a page of ours with an explanation
   */
  readonly notProvedUrl?: string;
  /**
   * The page for users who return with the result of an in-person check, in the form of {@link defaultPage}.
   * @default the default page
   */
  readonly inPersonReturnUrl?: string;
  /**
   * Time without activity after which a session ends, in whole minutes, at most {@link sessionAbsoluteTimeout}.
   * @default Duration.minutes(60)
   */
  readonly sessionIdleTimeout?: Duration;
  /**
   * Time after which a session ends, with or without activity, in whole minutes, at most a day.
   * @default Duration.minutes(480)
   */
  readonly sessionAbsoluteTimeout?: Duration;
  /**
   * The service's host name, if it points to the API directly. It excludes {@link originSecretNames}.
   * @default this construct sets up no host name
   */
  readonly domainName?: string;
  /**
   * A certificate of AWS Certificate Manager for {@link domainName}, in the region and account of the stack.
   * @default the construct creates one and validates it with records in {@link hostedZone}
   */
  readonly certificate?: Pick<ICertificate, 'certificateArn'>;
  /**
   * The public hosted zone of {@link domainName}. The construct adds records for the API to it.
   * @default none: an output contains the target for your own record
   */
  readonly hostedZone?: Pick<IHostedZone, 'hostedZoneId' | 'zoneName'>;
  /**
   * For a CloudFront distribution in front of the API: the names of one or two secrets. The API refuses requests that
   * contain neither.
   * @default no CloudFront: everybody can use the API's own address
   */
  readonly originSecretNames?: readonly string[];
  /**
   * A firewall (AWS WAF) in front of the API. `{}` uses all defaults.
   * @default none
   */
  readonly firewall?: Partial<Omit<FirewallConfig, 'rateLimits'>> & {
    readonly rateLimits?: Partial<FirewallRateLimits>;
  };
  /**
   * Requests per second to each route, over all users, from 1 to 10,000.
   * @default see {@link ThrottlingConfig}
   */
  readonly throttling?: Partial<ThrottlingConfig>;
  /**
   * Lambda authorizers for the service's own APIs, at most one per level.
   * @default []
   */
  readonly authorizers?: readonly (Pick<AuthorizerConfig, 'level'> & Partial<AuthorizerConfig>)[];
  /**
   * In production, the roles that may schedule the deletion of a signing key, at most 10.
   * @default [], with which no role can before you change the key's policy
   */
  readonly signingKeyDeletionRoles?: readonly Pick<IRole, 'roleArn'>[];
  /**
   * How long CloudWatch keeps log lines.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * How long CloudWatch keeps the audit trail.
   * @default RetentionDays.THIRTEEN_MONTHS
   */
  readonly auditRetention?: RetentionDays;
  /**
   * A topic in the stack's region for all alarms. If it is encrypted, its key's policy must allow CloudWatch to use it.
   * @default none
   */
  readonly alarmTopic?: Pick<ITopic, 'topicArn'>;
  /**
   * A topic for the urgent alarms, as {@link alarmTopic}. Have it page the person on call.
   * @default none
   */
  readonly urgentAlarmTopic?: Pick<ITopic, 'topicArn'>;
  /**
   * A topic for the alarms that can wait until the next working day, as {@link alarmTopic}.
   * @default none
   */
  readonly ticketAlarmTopic?: Pick<ITopic, 'topicArn'>;
  /**
   * Email addresses for all alarms, at most 20. Each has to confirm first.
   * @default []
   */
  readonly alarmEmails?: readonly string[];
  /**
   * The URL of your copy of the folder `docs/operations/runbooks`, without a slash at the end.
   * @default the runbooks of this version, in the repository that `package.json` names
   */
  readonly runbookBaseUrl?: string;
  /**
   * Changes to single alarms, such as `{ 'sign-ins-slow': { actionsEnabled: false } }`.
   * @default {}
   */
  readonly alarmOverrides?: AlarmOverrides;
  /**
   * Function name → directory with its bundle.
   * @default the construct bundles the functions
   */
  readonly bundles?: ReadonlyMap<string, string>;
}

/** A prop with another name or form in a config file. */
interface Field {
  readonly prop: keyof OneLoginProps;
  /** The path of the field in the file. */
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: the props' own types have checked the values
  readonly toFile?: (value: any) => unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the config was validated
  readonly fromFile?: (value: any) => unknown;
  /** A valid value for the validation, when only CloudFormation can resolve the real one. */
  readonly placeholder?: (file: Json, place: Place) => unknown;
}

/** The stack's region and account, as far as they are known before the deployment. */
interface Place {
  readonly region: string;
  readonly account: string;
}

// biome-ignore lint/suspicious/noExplicitAny: not yet validated
type Json = Record<string, any>;

const fields: readonly Field[] = [
  { prop: 'authenticationVtr', path: 'authentication.vtr' },
  {
    prop: 'maxAge',
    path: 'authentication.maxAgeSeconds',
    toFile: (age: Duration) => age.toSeconds(),
    fromFile: Duration.seconds,
  },
  { prop: 'identityVtr', path: 'identity.vtr' },
  { prop: 'identityClaims', path: 'identity.claims' },
  { prop: 'notProvedUrl', path: 'identity.notProvedUrl' },
  { prop: 'inPersonReturnUrl', path: 'identity.inPersonReturnUrl' },
  {
    prop: 'sessionIdleTimeout',
    path: 'session.idleMinutes',
    toFile: (time: Duration) => time.toMinutes(),
    fromFile: Duration.minutes,
  },
  {
    prop: 'sessionAbsoluteTimeout',
    path: 'session.absoluteMinutes',
    toFile: (time: Duration) => time.toMinutes(),
    fromFile: Duration.minutes,
  },
  { prop: 'domainName', path: 'domain.name' },
  {
    prop: 'certificate',
    path: 'domain.certificateArn',
    toFile: ({ certificateArn }) => certificateArn,
    fromFile: (certificateArn) => ({ certificateArn }),
    placeholder: (_, { region, account }) =>
      `arn:aws:acm:${region}:${account}:certificate/00000000-0000-0000-0000-000000000000`,
  },
  {
    prop: 'hostedZone',
    path: 'domain.hostedZone',
    toFile: ({ hostedZoneId, zoneName }) => ({ id: hostedZoneId, name: zoneName }),
    fromFile: ({ id, name }) => ({ hostedZoneId: id, zoneName: name }),
    placeholder: ({ domain }) => ({
      id: 'Z0000000000000',
      name: Token.isUnresolved(domain.hostedZone.name) ? domain.name : domain.hostedZone.name,
    }),
  },
  { prop: 'originSecretNames', path: 'cloudFront.originSecrets' },
  {
    prop: 'signingKeyDeletionRoles',
    path: 'signingKeyDeletionRoles',
    toFile: (roles: readonly Pick<IRole, 'roleArn'>[]) => roles.map(({ roleArn }) => roleArn),
    fromFile: (arns: readonly string[]) => arns.map((roleArn) => ({ roleArn })),
    placeholder: ({ signingKeyDeletionRoles }, { account }) =>
      signingKeyDeletionRoles.map((arn: string, index: number) =>
        Token.isUnresolved(arn) ? `arn:aws:iam::${account}:role/role-${index}` : arn,
      ),
  },
  { prop: 'logRetention', path: 'logRetentionDays' },
  { prop: 'auditRetention', path: 'auditRetentionDays' },
  ...(
    [
      ['alarmTopic', 'alarms.topicArn'],
      ['urgentAlarmTopic', 'alarms.urgentTopicArn'],
      ['ticketAlarmTopic', 'alarms.ticketTopicArn'],
    ] as const
  ).map(
    ([prop, path]): Field => ({
      prop,
      path,
      toFile: ({ topicArn }) => topicArn,
      fromFile: (topicArn) => ({ topicArn }),
      placeholder: (_, { region, account }) => `arn:aws:sns:${region}:${account}:topic`,
    }),
  ),
  { prop: 'alarmEmails', path: 'alarms.emails' },
  { prop: 'runbookBaseUrl', path: 'alarms.runbookBaseUrl' },
];

/** Props for `OneLoginStack`, and for `OneLogin` in a stack of your own. */
export interface ConfiguredProps extends OneLoginProps, StackProps {
  /** `one-login-<name>`. Use it as the id of the stack, to keep the logical ids of existing stacks. */
  readonly stackName: string;
}

/**
 * Reads and validates a config file.
 *
 * @example
 *     const props = propsFromConfig('config/production.json');
 *     new OneLoginStack(new App(), props.stackName, props);
 *
 * @param file its path, relative to the working directory, such as `config/production.json`
 * @throws ConfigError with all mistakes, or if the file can't be read or is not JSON
 */
export function propsFromConfig(file: string): ConfiguredProps {
  return buildProps(loadConfig(file));
}

/** @returns the props of the stack for a config */
export function buildProps(config: DeploymentConfig): ConfiguredProps {
  const { region, account, environment } = config;
  const props: Json = Object.fromEntries(sameInFile.map((name) => [name, config[name]]));
  // In other environments, One Login's URLs depend on the environment only.
  if (environment !== 'local') delete props['provider'];
  for (const { prop, path, fromFile = keep } of fields) {
    const value = readPath(config, path);
    if (value !== undefined) props[prop] = fromFile(value);
  }
  return {
    ...(props as OneLoginProps),
    stackName: buildStackName(config),
    env: { region, ...(account === undefined ? {} : { account }) },
  };
}

/**
 * @param scope the construct with these props
 * @returns the config for these props, with defaults
 * @throws ConfigError with all mistakes
 */
export function buildConfig(props: OneLoginProps, scope: Construct): DeploymentConfig {
  const file: Json = Object.fromEntries(sameInFile.map((name) => [name, props[name]]));
  for (const { prop, path, toFile = keep } of fields) {
    if (props[prop] !== undefined) writePath(file, path, toFile(props[prop]));
  }
  const place = findPlace(file, scope);
  file['region'] = place.region;
  if (place.account !== unknownAccount) file['account'] = place.account;

  const withPlaceholders = structuredClone(file);
  const unresolved = fields.filter(({ path }) =>
    Token.isUnresolved(JSON.stringify(readPath(file, path)) ?? ''),
  );
  for (const { path, placeholder } of unresolved) {
    if (placeholder !== undefined) writePath(withPlaceholders, path, placeholder(file, place));
  }
  const config = validateProps(withPlaceholders, scope);
  for (const { path } of unresolved) writePath(config, path, readPath(file, path));
  return config;
}

function validateProps(file: Json, scope: Construct): DeploymentConfig {
  try {
    // JSON drops undefined fields.
    return validateConfig(JSON.parse(JSON.stringify(file)));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mistakes = error.mistakes.map(({ path, message }) => ({ path: findProp(path), message }));
    throw new ConfigError(mistakes, scope.node.path);
  }
}

/** @returns the prop of a field in the file, such as `alarmTopic` for `alarms.topicArn` */
function findProp(path: string): string {
  const field = fields.find((candidate) => `${path}.`.replace('[', '.').startsWith(`${candidate.path}.`));
  return field === undefined ? path : path.replace(field.path, field.prop);
}

const unknownAccount = '000000000000';

/** In a stack without region and account, the region comes from the ARNs in the props. */
function findPlace({ domain, alarms }: Json, scope: Construct): Place {
  const { region, account } = Stack.of(scope);
  const [, , , knownRegion] =
    [domain?.certificateArn, alarms?.topicArn, alarms?.urgentTopicArn, alarms?.ticketTopicArn]
      .find((arn) => arn !== undefined && !Token.isUnresolved(arn))
      ?.split(':') ?? [];
  return {
    region: Token.isUnresolved(region) ? (knownRegion ?? 'eu-west-2') : region,
    account: Token.isUnresolved(account) ? unknownAccount : account,
  };
}

function keep(value: unknown): unknown {
  return value;
}

function readPath(object: Json, path: string): Json[string] {
  return path.split('.').reduce((value, part) => value?.[part], object);
}

function writePath(object: Json, path: string, value: unknown): void {
  const [group = path, field] = path.split('.');
  if (field === undefined) object[path] = value;
  else object[group] = { ...object[group], [field]: value };
}
