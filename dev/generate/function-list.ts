import { listRoutes } from '../../lib/api/routes.ts';
import { listFunctions } from '../../lib/functions/bundles.ts';
import { buildFullConfig } from '../../test/infra/everything-on.ts';

/** What calls the functions that have no route below `/auth`. */
const callers: Readonly<Record<string, string>> = {
  authorizer: 'requests to your own APIs, one function for each level',
  canary: 'a schedule and deployments, with `canary` in the config',
  'collect-audit': "the other functions' logs, for the [audit trail](operations/audit-trail.md)",
  'example-service': 'the root of the API and `/api`',
  'publish-jwks': 'deployments',
  'refresh-did': 'a schedule and deployments, with `identity` in the config',
  'refresh-jwks': 'a schedule and deployments',
  'reserve-concurrency': 'deployments',
};

/**
 * Renders what each function responds to.
 *
 * @throws Error if a function has no route and no other caller
 */
export function renderFunctionList(): string {
  const routes = listRoutes(buildFullConfig('withDomain'));
  return listFunctions()
    .map((name) => {
      const own = routes.filter((route) => toKebabCase(route.function) === name);
      const paths = own.map(({ method, path }) => `\`${method === 'POST' ? 'POST ' : ''}/auth/${path}\``);
      const responds = callers[name] ?? paths.join(', ');
      if (responds === '') throw new Error(`nothing calls the function ${name}`);
      return `- \`${name}\`: ${responds}`;
    })
    .join('\n');
}

const toKebabCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
