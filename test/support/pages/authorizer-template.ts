import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../local/template/json.ts';

/**
 * The template of an API of the service's own, whose routes our authorizers guard: what its users see whom they don't
 * let through.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export async function synthesiseAuthorizerResponses(publicUrl: string): Promise<JsonObject> {
  const [{ RestApi }, { App, Stack }, { AuthorizerGatewayResponses }] = await Promise.all([
    import('aws-cdk-lib/aws-apigateway'),
    import('aws-cdk-lib/core'),
    import('../../../lib/api/authorizer-gateway-responses.ts'),
  ]);
  const outdir = await mkdtemp(join(tmpdir(), 'one-login-authorizer-'));
  try {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Service');
    const restApi = new RestApi(stack, 'Api');
    restApi.root.addMethod('GET');
    new AuthorizerGatewayResponses(stack, 'Responses', {
      restApi,
      publicUrl,
      serviceName: 'Example service',
    });
    return app.synth().getStackByName(stack.stackName).template;
  } finally {
    await rm(outdir, { recursive: true });
  }
}
