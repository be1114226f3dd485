import {
  ContentHandling,
  type IResource,
  MockIntegration,
  Model,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addMethods } from '../api/rest-api.ts';
import type { DeployedKey } from './signing-keys.ts';

export interface PublishedJwksProps {
  /** Where the JWKS is served: the resource `jwks.json`. */
  readonly resource: IResource;
  readonly keys: readonly DeployedKey[];
  /** The custom resource function that answers with a key's modulus. */
  readonly publishJwks: IFunction;
}

/**
 * To be changed with what the custom resource's function answers: CloudFormation asks it again only when a property
 * has changed.
 */
const answerVersion = '1';

/**
 * Our public keys as a JWKS (RFC 7517, 5), served by API Gateway itself: One Login waits half a second for it, which a
 * function's cold start can exceed.
 *
 * There is one custom resource per key, so that the text of the JWKS in the template names a resource that comes and
 * goes with the key: CDK hashes that text into the id of the API's deployment, and a changed list of keys is
 * deployed.
 */
export class PublishedJwks extends Construct {
  constructor(scope: Construct, id: string, { resource, keys, publishJwks }: PublishedJwksProps) {
    super(scope, id);
    const jwks = { keys: keys.map((published) => this.#jwk(published, publishJwks)) };
    const headers = {
      'Cache-Control': 'max-age=300',
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
    };
    addMethods(
      resource,
      'GET',
      new MockIntegration({
        // Anything but exactly these three makes API Gateway answer 500 as soon as the API has binary media types.
        requestTemplates: { 'application/json': '{"statusCode":200}' },
        passthroughBehavior: PassthroughBehavior.WHEN_NO_TEMPLATES,
        contentHandling: ContentHandling.CONVERT_TO_TEXT,
        integrationResponses: [
          {
            statusCode: '200',
            contentHandling: ContentHandling.CONVERT_TO_TEXT,
            responseTemplates: { 'application/json': Stack.of(this).toJsonString(jwks) },
            responseParameters: mapValues(headers, (value) => `'${value}'`),
          },
        ],
      }),
      {
        methodResponses: [
          {
            statusCode: '200',
            responseModels: { 'application/json': Model.EMPTY_MODEL },
            responseParameters: mapValues(headers, () => true),
          },
        ],
      },
    );
  }

  #jwk({ name, key }: DeployedKey, publishJwks: IFunction): Record<string, string> {
    const publicKey = new CustomResource(this, name, {
      resourceType: 'Custom::PublishedKey',
      serviceToken: publishJwks.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties: { KeyId: key.keyId, AnswerVersion: answerVersion },
    });
    // One Login wants RSA keys only; the simulator needs both "use" and "alg".
    return {
      kty: 'RSA',
      use: 'sig',
      alg: 'PS256',
      kid: key.keyId,
      e: 'AQAB',
      n: publicKey.getAttString('n'),
    };
  }
}

function mapValues<T>(
  headers: Readonly<Record<string, string>>,
  map: (value: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, map(value)]),
  );
}
