import type { FunctionRegistry } from '../functions/function-registry.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import { readFunction } from './method-resource.ts';
import type { RequestAuthorizer } from './rest-api.ts';

/**
 * Reads an AWS::ApiGateway::Authorizer. Lambda authorizers of the type REQUEST are understood, if their results are not
 * cached and their identity sources are headers; anything else ends the start.
 */
export function readAuthorizer(properties: PropertyReader, functions: FunctionRegistry): RequestAuthorizer {
  properties.ignore('Name');
  const type = properties.string('Type');
  if (type !== 'REQUEST') properties.fail('Type', `"${type}" is not understood: only "REQUEST" is`);
  // API Gateway keeps results for five minutes when there is no number.
  if (properties.optionalNumber('AuthorizerResultTtlInSeconds') !== 0) {
    properties.fail('AuthorizerResultTtlInSeconds', 'a cache is not understood: only 0 is');
  }
  const sources = properties.optionalString('IdentitySource')?.split(',') ?? [];
  return {
    target: readFunction(properties, 'AuthorizerUri', functions),
    requiredHeaders: sources.map((source) => {
      const header = /^\s*method\.request\.header\.([\w-]+)\s*$/.exec(source)?.[1];
      return header?.toLowerCase() ?? properties.fail('IdentitySource', `${source} is not understood`);
    }),
  };
}
