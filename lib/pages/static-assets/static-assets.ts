import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { AwsIntegration, ContentHandling, type IResource } from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { strictTransportSecurity } from '../../../lambdas/http/security-headers.ts';
import { addMethods, mapHeaders } from '../../api/rest-api.ts';
import { allowActions } from '../../functions/one-login-function.ts';
import { binaryContentTypes, type StaticAsset } from './static-asset.ts';

export interface StaticAssetsProps {
  /** The resource `assets` of the API. */
  readonly resource: IResource;
  readonly files: readonly StaticAsset[];
}

const headers: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  ...strictTransportSecurity,
};

/**
 * Files that API Gateway serves unchanged from the CDK's bucket of assets. No function runs, and there is no bucket of
 * our own to look after. Each file has its own resource, so nothing of a request reaches S3, and an unknown file gets the
 * same 404 as every unknown path.
 *
 * An object's key contains a hash of the content. A changed file is therefore a changed method, for which the CDK makes a
 * new deployment of the API.
 */
export class StaticAssets extends Construct {
  constructor(scope: Construct, id: string, { resource, files }: StaticAssetsProps) {
    super(scope, id);
    const uploads = files.map((file) => ({ file, object: this.#upload(file) }));
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Reads the files that the API serves',
      inlinePolicies: {
        permissions: new PolicyDocument({
          statements: [
            allowActions(
              ['s3:GetObject'],
              uploads.map(({ object }) => object.bucket.arnForObjects(object.s3ObjectKey)),
            ),
          ],
        }),
      },
    });
    for (const { file, object } of uploads) {
      addMethods(resource.addResource(basename(file.path)), 'GET', buildIntegration(file, object, role), {
        methodResponses: [
          {
            statusCode: '200',
            responseParameters: mapHeaders(buildHeaders(file), () => true),
          },
        ],
      });
    }
  }

  /** The CDK copies the file when the asset is made, so the directory can go at once. */
  #upload({ name, content }: StaticAsset): Asset {
    const directory = mkdtempSync(join(tmpdir(), 'one-login-asset-'));
    try {
      const path = join(directory, `asset${extname(name)}`);
      writeFileSync(path, content);
      return new Asset(this, name, { path });
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}

/** API Gateway has no response for another status than 200 and returns its own 500: S3's text would name the bucket. */
function buildIntegration(file: StaticAsset, object: Asset, role: Role): AwsIntegration {
  return new AwsIntegration({
    service: 's3',
    integrationHttpMethod: 'GET',
    path: `${object.s3BucketName}/${object.s3ObjectKey}`,
    options: {
      credentialsRole: role,
      // The upload may have set another content type.
      requestParameters: {
        'integration.request.querystring.response-content-type': `'${file.contentType}'`,
      },
      integrationResponses: [
        {
          statusCode: '200',
          selectionPattern: '200',
          // Browsers request fonts with `Accept: */*`. Without this they would get base64.
          contentHandling: binaryContentTypes.includes(file.contentType)
            ? ContentHandling.CONVERT_TO_BINARY
            : ContentHandling.CONVERT_TO_TEXT,
          responseParameters: mapHeaders(buildHeaders(file), (value) => `'${value}'`),
        },
      ],
    },
  });
}

/** The content of a path with a hash never changes, so browsers can keep it for ever. */
function buildHeaders({ contentType, isHashed }: StaticAsset): Readonly<Record<string, string>> {
  return {
    'Content-Type': contentType,
    'Cache-Control': `public, max-age=${isHashed ? '31536000, immutable' : '300'}`,
    ...headers,
  };
}
