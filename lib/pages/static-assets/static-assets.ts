import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { AwsIntegration, ContentHandling, type IResource } from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { strictTransportSecurity } from '../../../lambdas/http/security-headers.ts';
import { addMethods } from '../../api/rest-api.ts';
import { allow } from '../../functions/lambda-function.ts';
import { binaryContentTypes, type StaticAsset } from './static-asset.ts';

export interface StaticAssetsProps {
  /** Where they are served: the resource `assets`. */
  readonly resource: IResource;
  readonly files: readonly StaticAsset[];
}

/** A path never gets another content: browsers need not ask a second time. */
const headers: Readonly<Record<string, string>> = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  ...strictTransportSecurity,
};

/**
 * Files that browsers get as they are, served by API Gateway from the bucket in which the CDK keeps a deployment's
 * assets: no function runs, and no bucket of our own is there to be looked after. Each file has a resource of its own,
 * so that no word of a request reaches S3, and whatever is not there is the 404 of every other unknown path.
 *
 * A path holds a hash of its content, as does the object's key. So a changed file is another resource and method, by
 * which the CDK makes a new deployment of the API.
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
            allow(
              ['s3:GetObject'],
              uploads.map(({ object }) => object.bucket.arnForObjects(object.s3ObjectKey)),
            ),
          ],
        }),
      },
    });
    for (const { file, object } of uploads) {
      addMethods(resource.addResource(basename(file.path)), 'GET', integration(file, object, role), {
        methodResponses: [
          {
            statusCode: '200',
            responseParameters: mapNames(buildHeaders(file), () => true),
          },
        ],
      });
    }
  }

  /** The CDK copies the file as soon as it hears of it. */
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

/**
 * Anything but 200 from S3 fits no response, which API Gateway answers with its own 500: S3's words would name the
 * bucket.
 */
function integration(file: StaticAsset, object: Asset, role: Role): AwsIntegration {
  return new AwsIntegration({
    service: 's3',
    integrationHttpMethod: 'GET',
    path: `${object.s3BucketName}/${object.s3ObjectKey}`,
    options: {
      credentialsRole: role,
      // Whatever type the object was uploaded with.
      requestParameters: {
        'integration.request.querystring.response-content-type': `'${file.contentType}'`,
      },
      integrationResponses: [
        {
          statusCode: '200',
          selectionPattern: '200',
          // Browsers ask for fonts with `Accept: */*`, which gets base64 without this.
          contentHandling: binaryContentTypes.includes(file.contentType)
            ? ContentHandling.CONVERT_TO_BINARY
            : ContentHandling.CONVERT_TO_TEXT,
          responseParameters: mapNames(buildHeaders(file), (value) => `'${value}'`),
        },
      ],
    },
  });
}

function buildHeaders({ contentType }: StaticAsset): Readonly<Record<string, string>> {
  return { 'Content-Type': contentType, ...headers };
}

function mapNames<T>(values: Readonly<Record<string, string>>, map: (value: string) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`method.response.header.${name}`, map(value)]),
  );
}
