/** The entry of a function's metadata in the template that contains its name: the id of its construct. */
export const functionNameEntry = 'one-login:function';

/** The name of a function, such as `refresh-jwks`, by its resource in a template; undefined for other resources. */
export function readFunctionName(resource: object | undefined): string | undefined {
  const { Metadata: metadata = {} } = (resource ?? {}) as { Metadata?: Record<string, unknown> };
  const name = metadata[functionNameEntry];
  return typeof name === 'string' ? name : undefined;
}
