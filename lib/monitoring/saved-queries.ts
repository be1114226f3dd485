import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MonitoredResources } from './metrics.ts';

/** The logs that a query reads. */
type Source =
  /** The logs of all functions, and the access log. */
  | 'everything'
  | 'functions'
  | 'access-log'
  | 'callback'
  | 'backchannel-logout'
  | 'authorizers'
  | 'canary'
  /** Those of the functions that fetch documents of One Login. */
  | 'documents'
  | 'audit-trail';

interface SavedQuery {
  /** For `docs/operations/monitoring.md`. @default its name is enough */
  readonly shows?: string;
  readonly reads: Source;
  readonly query: string;
}

/**
 * The saved queries of Logs Insights, by name. Runbooks use them.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export const savedQueries = {
  // A reference number is the beginning of a request id. People may write it down in capitals.
  'by-reference': {
    shows: 'one request',
    reads: 'everything',
    query: `
      fields @timestamp, route, event, action, method, status, code, message, error_at, request_id, @log
      | filter request_id like /(?i)^PASTE-THE-REFERENCE-NUMBER-HERE/
      | sort @timestamp asc`,
  },
  failures: {
    shows: 'the last failures, with fault, message and place',
    reads: 'functions',
    query: `
      fields @timestamp, route, code, fault, message, error_name, error_at, request_id
      | filter event = "refused" and fault != "caller"
      | sort @timestamp desc
      | limit 200`,
  },
  'error-codes-over-time': {
    reads: 'functions',
    query: `
      filter event = "refused"
      | stats count(*) as requests by bin(15m) as time, fault, code
      | sort time desc
      | limit 1000`,
  },
  'sign-ins-by-outcome': {
    shows: 'sign-ins, identities and sign-outs by hour',
    reads: 'audit-trail',
    query: `
      filter event = "audit"
      | stats count(*) as times by bin(1h) as time, action, outcome, confidence, code
      | sort time desc
      | limit 1000`,
  },
  'slowest-callbacks': {
    reads: 'callback',
    query: `
      fields @timestamp, duration_ms, cold_start, status, request_id
      | filter event = "answered"
      | sort duration_ms desc
      | limit 50`,
  },
  // A request can have many values of each, in one list.
  'slow-calls': {
    shows: 'calls of One Login over 1 second, of AWS over half a second',
    reads: 'functions',
    query: `
      filter @message like /"(token|userinfo)_latency":\\[[^\\]]*\\b\\d{4,}/
          or @message like /"(kms|dynamodb)_latency":\\[[^\\]]*\\b([5-9]\\d\\d|\\d{4,})\\b/
      | parse @message '"token_latency":[*]' as token_ms
      | parse @message '"userinfo_latency":[*]' as userinfo_ms
      | parse @message '"kms_latency":[*]' as kms_ms
      | parse @message '"dynamodb_latency":[*]' as dynamodb_ms
      | display @timestamp, token_ms, userinfo_ms, kms_ms, dynamodb_ms, @log
      | sort @timestamp desc
      | limit 200`,
  },
  'throttled-calls': {
    reads: 'functions',
    query: `
      filter ispresent(kms_throttled.0) or ispresent(dynamodb_throttled.0)
      | stats count(kms_throttled.0) as kms, count(dynamodb_throttled.0) as dynamodb by bin(1m) as time, @log
      | sort time desc
      | limit 1000`,
  },
  'refused-logout-tokens': {
    shows: 'refused sign-out notifications',
    reads: 'backchannel-logout',
    query: `
      fields @timestamp, code, fault, message, request_id
      | filter event = "refused"
      | sort @timestamp desc
      | limit 200`,
  },
  'cold-starts': {
    reads: 'functions',
    query: `
      filter @type = "REPORT" and ispresent(@initDuration)
      | stats count(*) as cold_starts, avg(@initDuration) as average_ms, max(@initDuration) as longest_ms by @log
      | sort cold_starts desc`,
  },
  crashes: {
    reads: 'functions',
    query: `
      fields @timestamp, @message, @log
      | filter @message like /Task timed out|Runtime exited|Runtime\\.\\w+|Invoke Error|Uncaught Exception|Unhandled|"status":"(timeout|error|failure)"/
      | filter @message not like /"errorMessage":"Unauthorized"/
      | sort @timestamp desc
      | limit 100`,
  },
  'document-refreshes': {
    reads: 'documents',
    query: `
      fields @timestamp, event, document, code, message, error_name, document_age, key_ids.0, @log
      | filter event in ["refresh_failed", "key_set_changed", "document_not_stored"] or ispresent(document_age)
          or code like /key_unknown|^provider_/
      | sort @timestamp desc
      | limit 200`,
  },
  'canary-failures': {
    reads: 'canary',
    query: `
      fields @timestamp, step, route, message, error_name, @message
      | filter event = "canary_failed" or @message like /Task timed out|Invoke Error/
      | sort @timestamp desc
      | limit 200`,
  },
  'authorizer-decisions': {
    reads: 'authorizers',
    query: `
      filter event in ["decided", "refused"]
      | stats count(*) as requests by bin(15m) as time, route, code
      | sort time desc
      | limit 1000`,
  },
  'errors-at-the-gateway': {
    shows: 'errors of API Gateway, by route',
    reads: 'access-log',
    query: `
      filter status >= 500 or ispresent(refused_by_gateway) and refused_by_gateway != "-"
      | stats count(*) as requests, max(latency_ms) as slowest_ms by bin(5m) as time, route, status, refused_by_gateway
      | sort time desc
      | limit 1000`,
  },
  'audit-lines-refused': {
    shows: 'lines missing from the audit trail',
    reads: 'audit-trail',
    query: `
      fields @timestamp, event, message, @message
      | filter event = "audit_line_refused" or @message like /ERROR|Task timed out/
      | sort @timestamp desc
      | limit 100`,
  },
} as const satisfies Readonly<Record<string, SavedQuery>>;

export interface SavedQueriesProps {
  /** The folder in the console: the stack's name. */
  readonly folder: string;
  readonly resources: MonitoredResources;
}

/** Saves the queries with the log groups of this deployment. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { folder, resources }: SavedQueriesProps) {
    super(scope, id);
    for (const [name, { reads, query }] of Object.entries<SavedQuery>(savedQueries)) {
      const logGroupNames = selectLogGroups(reads, resources).map(({ logGroupName }) => logGroupName);
      // Without authorizers or a canary there is no log for their query.
      if (logGroupNames.length === 0) continue;
      // Not the CDK's QueryDefinition, which takes no text. The ids are the same.
      new CfnQueryDefinition(new Construct(this, name), 'Resource', {
        name: `${folder}/${name}`,
        queryString: query.trim().replaceAll(/\n +/g, '\n'),
        logGroupNames,
      });
    }
  }
}

function selectLogGroups(source: Source, resources: MonitoredResources): readonly ILogGroup[] {
  const { routes, authorizers, refreshers, collector, canary, accessLog } = resources;
  const functions = [...routes, ...authorizers, ...refreshers];
  const sources: Readonly<Record<Source, readonly { readonly logGroup: ILogGroup }[]>> = {
    everything: [...functions, collector, { logGroup: accessLog }],
    functions,
    'access-log': [{ logGroup: accessLog }],
    callback: routes.filter(({ name }) => name === 'callback'),
    'backchannel-logout': routes.filter(({ name }) => name === 'backchannel-logout'),
    authorizers,
    canary: canary === undefined ? [] : [canary],
    documents: [
      ...refreshers,
      ...routes.filter(({ name }) => name === 'callback' || name === 'backchannel-logout'),
    ],
    'audit-trail': [collector],
  };
  return sources[source].map(({ logGroup }) => logGroup);
}
