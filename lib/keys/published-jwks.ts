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
import { addMethods, mapHeaders } from '../api/rest-api.ts';
import type { PublishedKeyConfig } from '../config/deployment-config.ts';
import type { SigningKeyResource } from './signing-keys.ts';

export interface PublishedJwksProps {
  /** The resource `jwks.json`. */
  readonly resource: IResource;
  readonly keys: readonly SigningKeyResource[];
  /** The public keys of other systems. */
  readonly otherKeys: readonly PublishedKeyConfig[];
  /** The function of the custom resource, which returns a key's modulus. */
  readonly publishJwks: IFunction;
}

/**
 * Change this whenever the function returns something new: CloudFormation calls it only when a property of the custom
 * resource changes.
 */
const answerVersion = '1';

/**
 * Our public keys as a JWKS (RFC 7517, 5). API Gateway returns it without a function, because One Login waits only half a
 * second and a cold start can take longer.
 *
 * Each key has its own custom resource, to which the text of the JWKS in the template refers. The CDK hashes that text into
 * the id of the API's deployment, so that a changed list of keys causes a new deployment.
 */
export class PublishedJwks extends Construct {
  constructor(scope: Construct, id: string, props: PublishedJwksProps) {
    super(scope, id);
    const { resource, keys, otherKeys } = props;
    const jwks = {
      keys: [
        ...keys.map((published) => this.#jwk(published, props)),
        ...otherKeys.map(({ kty, alg, kid, e, n }) => ({ kty, use: 'sig', alg, kid, e, n })),
      ],
    };
    const headers = {
      'Cache-Control': 'max-age=300',
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
    };
    addMethods(
      resource,
      'GET',
      new MockIntegration({
        // In an API with binary media types, API Gateway returns 500 without exactly these three properties.
        requestTemplates: { 'application/json': '{"statusCode":200}' },
        passthroughBehavior: PassthroughBehavior.WHEN_NO_TEMPLATES,
        contentHandling: ContentHandling.CONVERT_TO_TEXT,
        integrationResponses: [
          {
            statusCode: '200',
            contentHandling: ContentHandling.CONVERT_TO_TEXT,
            responseTemplates: { 'application/json': Stack.of(this).toJsonString(jwks) },
            responseParameters: mapHeaders(headers, (value) => `'${value}'`),
          },
        ],
      }),
      {
        methodResponses: [
          {
            statusCode: '200',
            responseModels: { 'application/json': Model.EMPTY_MODEL },
            responseParameters: mapHeaders(headers, () => true),
          },
        ],
      },
    );
  }

  #jwk(
    { name, key }: SigningKeyResource,
    { publishJwks, otherKeys }: PublishedJwksProps,
  ): Record<string, string> {
    const publicKey = new CustomResource(this, name, {
      resourceType: 'Custom::PublishedKey',
      serviceToken: publishJwks.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties: {
        KeyId: key.keyId,
        AnswerVersion: answerVersion,
        // Only the function can compare them with the id of our key.
        ...(otherKeys.length === 0 ? {} : { OtherKids: otherKeys.map(({ kid }) => kid) }),
      },
    });
    // One Login accepts RSA keys only. The simulator requires both "use" and "alg".
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
