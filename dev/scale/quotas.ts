/** The limits that more sign-ins meet, of AWS, of One Login and of this product. */

export interface Quota {
  readonly what: string;
  /** The number of the unit in `what` in a second. `undefined` if none is published that we could read. */
  readonly limit: number | undefined;
  /** Where the limit is published. */
  readonly source: string;
}

/** The day of the figures of the simulation. A test repeats it: change the day when a figure changes. */
export const simulatedOn = '2026-11-28';

/** The day on which the sources were read. */
export const readOn = '2026-11-28';

/** Limits for the whole account in a region, as a new account has them, except where `what` names another scope. */
export const quotas = {
  lambdaRequests: {
    what: 'Lambda: calls of all functions',
    limit: 10_000,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html',
  },
  lambdaConcurrency: {
    what: 'Lambda: concurrent calls',
    limit: 1_000,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  apiGateway: {
    what: 'API Gateway: requests to all APIs',
    limit: 10_000,
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  },
  kms: {
    what: 'KMS: operations with RSA keys',
    limit: 1_000,
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html',
  },
  tableWrites: {
    what: 'DynamoDB: write units of a new table',
    limit: 4_000,
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  },
  tableReads: {
    what: 'DynamoDB: read units of a new table',
    limit: 12_000,
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  },
  tableWritesMost: {
    what: 'DynamoDB: write units of any table',
    limit: 40_000,
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  },
  tableReadsMost: {
    what: 'DynamoDB: read units of any table',
    limit: 40_000,
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  },
  webAcl: {
    what: 'AWS WAF: requests to our web ACL',
    limit: 100_000,
    source: 'https://docs.aws.amazon.com/waf/latest/developerguide/limits.html',
  },
  logs: {
    what: 'CloudWatch Logs: bytes written',
    limit: undefined,
    source: 'https://docs.aws.amazon.com/general/latest/gr/cwl_region.html',
  },
  notifications: {
    what: 'SNS: messages',
    limit: undefined,
    source: 'https://docs.aws.amazon.com/general/latest/gr/sns.html',
  },
} as const satisfies Readonly<Record<string, Quota>>;

/** What API Gateway accepts for the account at one moment. AWS derives it from the quota of requests, and raises it with that only. */
export const apiGatewayBurst = { requests: 5_000, source: quotas.apiGateway.source } as const;

/**
 * The firewall of One Login: requests from an address in five minutes. Its rule names no window, and AWS WAF's default is five
 * minutes. It does not count requests that come through One Login's own CloudFront. No limit of those is published.
 */
export const oneLoginFirewall = {
  requests: 3_600,
  seconds: 300,
  source:
    'https://github.com/govuk-one-login/authentication-api/blob/02a5b5177541091b5114a2621ee6f6bf89d565d1/ci/terraform/oidc/api-gateway.tf',
} as const;

/** How many instances Lambda can add to a function in a second: 1,000 in ten. */
export const lambdaScaling = {
  instances: 100,
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html',
} as const;

/** What a partition of a table can read in a second, in units. */
export const partitionReads = {
  limit: 3_000,
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html',
} as const;
