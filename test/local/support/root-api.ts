import type { RestApi } from '../../../local/api-gateway/rest-api.ts';

/** An API with methods at its root only. */
export function apiAtRoot(methods: RestApi['resources'][number]['methods'] = new Map()): RestApi {
  return {
    id: 'api',
    arn: 'arn:aws:execute-api:eu-west-2:123456789012:api',
    accountId: '123456789012',
    binaryMediaTypes: [],
    minimumCompressionSize: undefined,
    resources: [{ id: 'root', path: '', methods }],
    gatewayResponses: new Map(),
    stageName: 'live',
  };
}
