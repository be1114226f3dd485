import { isLoopback } from '../lambdas/core/urls.ts';
import { checkOrigin } from '../lib/config/urls.ts';
import { readServiceOrigin } from './service-proxy.ts';
import { StartError } from './start-error.ts';

/** The settings of `one-login local`, from its options and environment variables. */
export interface StartSettings {
  /** The deployment to run. @default the example service of this project */
  readonly configFile?: string | undefined;
  /** The origin at which browsers reach the service, such as `http://localhost:8080`. */
  readonly publicOrigin: string;
  readonly port: number;
  /** The service to put behind the port. @default the config's example service, or a page in place of a service */
  readonly service?: string | undefined;
  /** Whether the port has TLS, with a certificate made for this start. */
  readonly https: boolean;
  readonly oneLoginPort: number;
  /** The provider to use instead of the stand-in, without a trailing slash. */
  readonly oneLoginUrl?: string | undefined;
  readonly clientId?: string | undefined;
  readonly dynamodbUrl?: string | undefined;
  readonly kmsUrl?: string | undefined;
  /** Whether the log has the lines that Lambda would write. */
  readonly json: boolean;
}

/** The options of `one-login local`, as they were given. */
export interface StartOptions {
  readonly config?: string;
  readonly service?: string;
  readonly port?: string;
  readonly publicUrl?: string;
  readonly https?: boolean;
  readonly oneLoginPort?: string;
  readonly json?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting as it was given, with the name of the option or variable for messages. */
interface Given {
  readonly name: string;
  readonly value: string | undefined;
}

const defaultPort = 8080;
const defaultOneLoginPort = 3000;

/**
 * Reads the settings of `one-login local`. An option counts more than its environment variable.
 *
 * @param environment such as `process.env`
 * @throws StartError naming the first value that is not valid
 */
export function readStartSettings(environment: Environment, options: StartOptions = {}): StartSettings {
  const { https = false, json = false } = options;
  const portOfUrl = findPort(options.publicUrl);
  const port = readPort(choose(options.port, '--port', environment, 'PORT'), portOfUrl ?? defaultPort);
  const oneLoginUrl = readOneLoginUrl(environment);
  const oneLoginPort = readPort(
    choose(options.oneLoginPort, '--one-login-port', environment, 'ONE_LOGIN_PORT'),
    defaultOneLoginPort,
  );
  if (oneLoginUrl === undefined && port === oneLoginPort) {
    throw new StartError(`PORT and ONE_LOGIN_PORT are both ${port}; each needs a port of its own`);
  }
  return {
    configFile: options.config,
    publicOrigin: readPublicOrigin(options.publicUrl, port, https),
    port,
    service: options.service === undefined ? undefined : readServiceOrigin(options.service).origin,
    https,
    oneLoginPort,
    oneLoginUrl,
    clientId: readClientId(environment),
    dynamodbUrl: readEndpoint(environment, 'AWS_ENDPOINT_URL_DYNAMODB'),
    kmsUrl: readEndpoint(environment, 'AWS_ENDPOINT_URL_KMS'),
    json,
  };
}

function choose(option: string | undefined, flag: string, environment: Environment, variable: string): Given {
  return option === undefined
    ? { name: variable, value: environment[variable] }
    : { name: flag, value: option };
}

function readPort({ name, value }: Given, otherwise: number): number {
  if (value === undefined) return otherwise;
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`${name} must be a whole number from 1 to 65535, not ${JSON.stringify(value)}`);
}

/** Without a port for it, the port of a public URL on this machine is the one to listen on. */
function findPort(publicUrl = ''): number | undefined {
  const url = URL.parse(publicUrl);
  return url?.port && isLoopback(url) ? Number(url.port) : undefined;
}

/** A URL leaves out the port that its scheme has anyway, and so do browsers. */
function readPublicOrigin(value: string | undefined, port: number, https: boolean): string {
  const scheme = https ? 'https' : 'http';
  if (value === undefined) return new URL(`${scheme}://localhost:${port}`).origin;
  const origin = value.replace(/\/$/, '');
  const mistake = checkOrigin(origin);
  if (mistake !== undefined) {
    throw new StartError(
      `--public-url must be an origin such as http://orders.localhost:8080, not ${JSON.stringify(value)}: it ${mistake}`,
    );
  }
  if (https && !origin.startsWith('https:')) {
    throw new StartError(
      `--public-url must begin with https:// because of --https, not ${JSON.stringify(value)}`,
    );
  }
  return origin;
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
