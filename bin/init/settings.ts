import { ConfigError } from '../../lib/config/mistakes.ts';
import { validateConfig } from '../../lib/config/validate-config.ts';
import { CommandError } from '../command.ts';

/** What a new deployment is. */
export interface Settings {
  readonly serviceName: string;
  /** The service's host name. Empty for the API's own address. */
  readonly host: string;
  readonly environment: string;
  /** The name of the deployment. */
  readonly name: string;
  readonly clientId: string;
}

/**
 * Asks a person.
 *
 * @param check returns what is wrong with an answer, or undefined
 * @returns the first answer with nothing wrong
 */
export type Ask = (question: string, check: (answer: string) => string | undefined) => Promise<string>;

interface Field {
  readonly name: keyof Settings;
  readonly question: string;
  /** The option of the command. */
  readonly option: string;
  /** Where it is in the config. */
  readonly path: string;
  /** The value if the user gives no other. Undefined if only the user has it. */
  readonly suggest?: (settings: Settings) => string;
}

const fields: readonly Field[] = [
  {
    name: 'serviceName',
    question: 'Name of the service, as users know it',
    option: '--service-name',
    path: 'serviceName',
  },
  {
    name: 'host',
    question: 'Host name of the service, such as licences.service.gov.uk, or nothing',
    option: '--host',
    path: 'publicUrl',
    suggest: () => '',
  },
  {
    name: 'environment',
    question: 'One Login environment, integration or production',
    option: '--environment',
    path: 'environment',
    suggest: () => 'integration',
  },
  {
    name: 'name',
    question: 'Name of the deployment',
    option: '--name',
    path: 'name',
    suggest: suggestName,
  },
  {
    name: 'clientId',
    question: 'Client id that One Login gave you, or a placeholder',
    option: '--client-id',
    path: 'clientId',
    suggest: () => 'exampleClientId00',
  },
];

/**
 * Completes the settings with answers or suggestions.
 *
 * @param given by options
 * @param ask undefined if there is no terminal
 * @throws CommandError with every option that is missing or wrong
 */
export async function completeSettings(given: Partial<Settings>, ask: Ask | undefined): Promise<Settings> {
  let settings: Settings = { serviceName: '', host: '', environment: '', name: '', clientId: '', ...given };
  for (const { name, question, path, suggest } of fields) {
    if (given[name] !== undefined) continue;
    const suggestion = suggest?.(settings) ?? '';
    const complete = (answer: string) => ({ ...settings, [name]: answer.trim() || suggestion });
    const hint = suggestion === '' ? '' : ` (${suggestion})`;
    settings = complete(
      (await ask?.(`${question}${hint}: `, (answer) => findMistake(complete(answer), path))) ?? '',
    );
  }
  const mistakes = fields.flatMap(({ name, option, path, question }) => {
    if (settings[name] === '' && name !== 'host') return [`${option} is missing: ${question}`];
    const mistake = findMistake(settings, path);
    return mistake === undefined ? [] : [`${option}: ${mistake}`];
  });
  if (mistakes.length > 0) throw new CommandError(mistakes.join('\n'));
  return settings;
}

function findMistake(settings: Settings, path: string): string | undefined {
  const { host, environment } = settings;
  if (path === 'environment' && !['integration', 'production'].includes(environment)) {
    return `${JSON.stringify(environment)} is not allowed; allowed: integration, production`;
  }
  if (path === 'publicUrl' && host !== '' && URL.parse(`https://${host}`)?.host !== host) {
    return `${JSON.stringify(host)} is not a host name, such as licences.service.gov.uk`;
  }
  try {
    validateConfig(buildConfigFile(settings));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.find((mistake) => mistake.path === path)?.message;
  }
  return undefined;
}

/** The longest name of a deployment, see `config/schema.json`. */
const longestName = 40;

/** Several environments can share an AWS account, so the name has the environment. */
function suggestName({ serviceName, environment }: Settings): string {
  const suffix = environment === 'production' ? '' : `-${environment}`;
  const words = serviceName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const name = words.replace(/^[^a-z]+/, '').slice(0, longestName - suffix.length);
  return `${name.replace(/-$/, '') || 'service'}${suffix}`;
}

/** Builds the content of a config file. */
export function buildConfigFile({ serviceName, host, environment, name, clientId }: Settings): object {
  return {
    $schema: '../node_modules/one-login-lambda/config/schema.json',
    name,
    environment,
    region: 'eu-west-2',
    serviceName,
    ...(host === '' ? {} : { serviceUrl: `https://${host}/`, publicUrl: `https://${host}/auth` }),
    clientId,
    scopes: ['openid', 'email'],
    authentication: { vtr: ['Cl.Cm'] },
    signingKeys: [{ name: 'first', state: 'sign' }],
  };
}
