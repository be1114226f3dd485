import { isLoopback } from '../lambdas/core/urls.ts';
import { StartError } from './start-error.ts';

/** The settings of `npm start`, which are environment variables. */
export interface StartSettings {
  readonly port: number;
  readonly oneLoginPort: number;
  /** The provider to use instead of the stand-in, without a trailing slash. */
  readonly oneLoginUrl?: string | undefined;
  readonly clientId?: string | undefined;
  readonly dynamodbUrl?: string | undefined;
  readonly kmsUrl?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultPort = 8080;
const defaultOneLoginPort = 3000;

/**
 * Reads the settings of `npm start`.
 *
 * @param environment such as `process.env`
 * @throws StartError naming the first value that is not valid
 */
export function readStartSettings(environment: Environment): StartSettings {
  const port = readPort(environment, 'PORT', defaultPort);
  const oneLoginUrl = readOneLoginUrl(environment);
  const oneLoginPort = readPort(environment, 'ONE_LOGIN_PORT', defaultOneLoginPort);
  if (oneLoginUrl === undefined && port === oneLoginPort) {
    throw new StartError(`PORT and ONE_LOGIN_PORT are both ${port}; each needs a port of its own`);
  }
  return {
    port,
    oneLoginPort,
    oneLoginUrl,
    clientId: readClientId(environment),
    dynamodbUrl: readEndpoint(environment, 'AWS_ENDPOINT_URL_DYNAMODB'),
    kmsUrl: readEndpoint(environment, 'AWS_ENDPOINT_URL_KMS'),
  };
}

function readPort(environment: Environment, name: string, otherwise: number): number {
  const value = environment[name];
  if (value === undefined) return otherwise;
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`${name} must be a whole number from 1 to 65535, not ${JSON.stringify(value)}`);
}

function readOneLoginUrl(environment: Environment): string | undefined {
  const url = readUrl(environment, 'ONE_LOGIN_URL');
  if (url === undefined) return undefined;
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new StartError(
      `ONE_LOGIN_URL must be https, or http on this machine (localhost), not ${JSON.stringify(url.href)}`,
    );
  }
  return url.href.replace(/\/$/, '');
}

function readEndpoint(environment: Environment, name: string): string | undefined {
  return readUrl(environment, name)?.href.replace(/\/$/, '');
}

function readUrl(environment: Environment, name: string): URL | undefined {
  const value = environment[name];
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain && ['http:', 'https:'].includes(url.protocol)) return url;
  const expected = 'an absolute http or https URL without user, query or fragment';
  throw new StartError(`${name} must be ${expected}, not ${JSON.stringify(value)}`);
}

/** With the pattern of `config/schema.json`. */
function readClientId(environment: Environment): string | undefined {
  const { CLIENT_ID: value } = environment;
  if (value === undefined || /^[A-Za-z0-9._~-]{1,128}$/.test(value)) return value;
  throw new StartError(
    `CLIENT_ID must be 1 to 128 letters, digits and . _ ~ -, as One Login gave it, not ${JSON.stringify(value)}`,
  );
}
