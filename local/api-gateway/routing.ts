import type { ApiResource, Integration, RestApi } from './rest-api.ts';

/** Where a request goes. */
export interface Route {
  readonly resource: ApiResource;
  readonly integration: Integration;
  /** Decoded; undefined when the path has no parameters. */
  readonly pathParameters?: Readonly<Record<string, string>>;
}

/**
 * Finds the method for a request as API Gateway does: fixed parts of a path go before parameters, these before
 * `{proxy+}`. A trailing slash makes another path.
 *
 * @param path from the request, still encoded
 */
export function findRoute(api: RestApi, method: string, path: string): Route | undefined {
  // The root itself is the one path that ends in a slash.
  const parts = (path === '/' ? '' : path).split('/');
  const matches = api.resources
    .map((resource) => ({ resource, parameters: matchPath(resource.path.split('/'), parts) }))
    .filter(
      (match): match is { resource: ApiResource; parameters: Record<string, string> } => !!match.parameters,
    )
    .sort((left, right) => compareSpecificity(left.resource.path, right.resource.path));
  for (const { resource, parameters } of matches) {
    const integration = resource.methods.get(method) ?? resource.methods.get('ANY');
    if (!integration) continue;
    const some = Object.keys(parameters).length > 0;
    return { resource, integration, ...(some ? { pathParameters: parameters } : {}) };
  }
  return undefined;
}

function matchPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const name = /^\{(.+?)(\+?)\}$/.exec(expected);
    const actual = parts[index];
    if (actual === undefined) return undefined;
    if (name?.[2] === '+') {
      const rest = parts.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [String(name[1])]: decode(rest) };
    }
    if (name) {
      if (actual === '') return undefined;
      parameters[String(name[1])] = decode(actual);
    } else if (expected !== actual) {
      return undefined;
    }
  }
  return parts.length === pattern.length ? parameters : undefined;
}

/** Sorts the more specific path first, by the first part in which two differ. */
function compareSpecificity(left: string, right: string): number {
  const rights = right.split('/');
  for (const [index, part] of left.split('/').entries()) {
    const difference = vagueness(part) - vagueness(rights[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

function vagueness(part: string): number {
  if (!part.startsWith('{')) return 0;
  return part.endsWith('+}') ? 2 : 1;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
