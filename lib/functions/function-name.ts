// A file of its own, because the local environment and `one-login cost` read names without loading the CDK.

/** The metadata entry with a function's name in the template. The name is the id of its construct. */
export const functionNameEntry = 'one-login:function';

/**
 * @param resource a resource of a template
 * @returns the name of the function, such as `refresh-jwks`, or undefined for other resources
 */
export function readFunctionName(resource: object | undefined): string | undefined {
  const { Metadata: metadata = {} } = (resource ?? {}) as { Metadata?: Record<string, unknown> };
  const name = metadata[functionNameEntry];
  return typeof name === 'string' ? name : undefined;
}
