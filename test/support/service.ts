import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AwsCall } from '../../local/aws/aws-call.ts';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import type { LocalEnvironment } from '../../local/environment.ts';
import type { RequestLogEntry, StandIn } from '../../stand-in/index.ts';
import { startTestEnvironment, type TestEnvironmentOptions } from './environment.ts';
import { pickKey } from './tables.ts';
import type { Page, WebBrowser } from './web-browser.ts';

/** What to do at the stand-in's sign-in page. */
export interface Choice {
  /** Who signs in. @default maria */
  readonly person?: string;
  /** What an identity check comes to. */
  readonly identity?: string;
  /** What goes wrong, such as `id_token:INVALID_ISS`. */
  readonly fault?: string;
}

/** Something that happened on the wire, in the order in which it began. */
export interface Traffic {
  readonly aws: readonly AwsCall[];
  readonly oneLogin: readonly RequestLogEntry[];
  /** The functions' lines, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

/** A deployment that runs on this machine with the stand-in for One Login, as tests use it. */
export interface Service extends LocalEnvironment {
  readonly standIn: StandIn;
  /**
   * Begins at a route and goes through One Login, up to the callback, which is not called.
   *
   * @param route such as `/auth/login?return_to=/`, whatever the path of the deployment on its host
   * @returns the callback with everything in its query
   */
  begin(browser: WebBrowser, route: string, choice?: Choice): Promise<URL>;
  /** The same, and calls it. */
  signIn(browser: WebBrowser, route?: string, choice?: Choice): Promise<Page>;
  /** The response of `/auth/userinfo`. */
  userinfo(browser: WebBrowser): Promise<{ status: number; body: Readonly<Record<string, unknown>> }>;
  /** The rows of sessions in the table, marks and the like not counted. */
  sessionRows(): Promise<readonly Item[]>;
  attemptRows(): Promise<readonly Item[]>;
  /** Updates every session in the table. */
  updateSessions(expression: string, values?: Readonly<Record<string, AttributeValue>>): Promise<void>;
  /** The name of one of the tables. @param part of its logical id, such as `Sessions` */
  tableName(part: string): string;
  /** @returns a function that returns what has happened since */
  watch(): () => Traffic;
}

export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Starts a service with a stand-in. Close it after the tests: that fails if a function has made a call to AWS that
 * its role does not allow, because such a call may look like an outage.
 */
export async function startService(options: TestEnvironmentOptions = {}): Promise<Service> {
  const environment = await startTestEnvironment(options);
  const { standIn, dynamodb, publicUrl } = environment;
  if (standIn === undefined) throw new Error('a service needs a stand-in');

  const begin: Service['begin'] = async (browser, route, choice) => {
    const stopBefore = `${new URL(publicUrl).pathname}/callback`;
    const page = await browser.open(`${publicUrl}${route.slice('/auth'.length)}`, { stopBefore });
    const { next } = page.next ? page : await chooseAtStandIn(browser, page, choice, stopBefore);
    if (next === undefined) throw new Error(`One Login redirects nowhere from ${route}`);
    return next;
  };
  const rows = async (part: string): Promise<readonly Item[]> => {
    const dump = await dynamodb.dump();
    return Object.entries(dump).flatMap(([logicalId, items]) =>
      logicalId.includes(part) ? items : [],
    ) as Item[];
  };
  const sessionRows = async () =>
    (await rows('Sessions')).filter(({ item }) => item?.S?.startsWith('session#'));
  const tableName = (part: string) => {
    const found = [...dynamodb.tables].find(([logicalId]) => logicalId.includes(part));
    if (found === undefined) throw new Error(`there is no table ${part}`);
    return found[1];
  };

  return {
    ...environment,
    close: async () => {
      await environment.close();
      const [denied] = environment.access.denied;
      if (denied !== undefined) throw new Error(`${denied.functionId} was refused: ${denied.message}`);
    },
    standIn,
    begin,
    signIn: async (browser, route = '/auth/login', choice = {}) =>
      browser.goFrom({ url: new URL(standIn.url) }, await begin(browser, route, choice)),
    userinfo: async (browser) => {
      const { status, body } = await browser.open(`${publicUrl}/userinfo`);
      return { status, body: JSON.parse(body) };
    },
    sessionRows,
    attemptRows: () => rows('LoginAttempts'),
    updateSessions: async (UpdateExpression, values) => {
      const client = createDynamoDbClient(dynamodb.url, 'eu-west-2');
      const TableName = tableName('Sessions');
      const update = { TableName, UpdateExpression, ...(values && { ExpressionAttributeValues: values }) };
      for (const row of await sessionRows()) {
        await client.send(new UpdateItemCommand({ ...update, Key: pickKey('sessions', row) }));
      }
      client.destroy();
    },
    tableName,
    watch: () => {
      const { awsCalls, logs } = environment;
      const [calls, lines, requests] = [awsCalls.length, logs.length, findLastId(standIn.requests)];
      return () => ({
        aws: awsCalls.slice(calls),
        oneLogin: standIn.requests.filter(({ id }) => id > requests),
        log: logs.slice(lines).map(({ line }) => JSON.parse(line)),
      });
    },
  };
}

/** Signs in on the stand-in's page, or does what else can be done there. */
export function chooseAtStandIn(
  browser: WebBrowser,
  page: Page,
  { person = 'maria', identity = 'AS_THE_PERSON', fault = 'none' }: Choice = {},
  stopBefore?: string,
): Promise<Page> {
  return browser.submit(page, { person, identity, fault }, stopBefore === undefined ? {} : { stopBefore });
}

/** The codes of the refusals in a log. */
export function refusalsIn({ log }: Pick<Traffic, 'log'>): readonly unknown[] {
  return log.flatMap(({ event, code }) => (event === 'refused' ? [code] : []));
}

function findLastId(requests: readonly RequestLogEntry[]): number {
  return requests.at(-1)?.id ?? 0;
}
