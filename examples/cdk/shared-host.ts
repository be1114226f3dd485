import {
  AllowedMethods,
  CachePolicy,
  type Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IOrigin,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';

/**
 * Adds a deployment that shares the host with others. Its API gets the path from `/auth` on.
 *
 * @param path what `publicUrl` has before `/auth`, such as `/licences`
 * @param api the origin of the deployment's API, as in `service-distribution.ts`
 */
export function addDeployment(distribution: Distribution, path: string, api: IOrigin): void {
  const toApi = new EdgeFunction(distribution, `ToApi${path.replaceAll('/', '-')}`, {
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromInline(`function handler(event) {
  var request = event.request;
  request.headers['true-client-ip'] = { value: event.viewer.ip };
  if (request.uri.startsWith('${path}/')) request.uri = request.uri.slice(${path.length});
  return request;
}`),
  });
  const common = {
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: toApi }],
  };
  // Before the next one, which it is a part of.
  distribution.addBehavior(`${path}/auth/assets/*`, api, {
    ...common,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
  });
  distribution.addBehavior(`${path}/auth/*`, api, {
    ...common,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  });
}
