import { type IResource, LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { variables } from '../../lambdas/example-service/environment.ts';
import { paths } from '../../lambdas/example-service-pages.ts';
import { addMethods } from '../api/rest-api.ts';
import { OneLoginFunction } from '../functions/one-login-function.ts';
import type { LogOptions } from '../monitoring/log-group.ts';

export interface ExampleServiceProps {
  /** The deployment's name. */
  readonly deployment: string;
  /** The outside URL, including `/auth`. */
  readonly publicUrl: string;
  /** The directory with its function's bundle. */
  readonly bundle: string;
  readonly logs: LogOptions;
  /** Creates the resource for a page. @param path below the root of the API, empty for the root */
  readonly addResource: (path: string) => IResource;
}

/**
 * The example service: pages at the root of the API that show how a service uses sign-in. Its function may only write its
 * log. It reads everything about users from `/auth/userinfo`, as a service of any kind would.
 */
export class ExampleService extends Construct {
  constructor(scope: Construct, id: string, props: ExampleServiceProps) {
    super(scope, id);
    const { deployment, publicUrl, bundle, logs, addResource } = props;
    const { function: handler } = new OneLoginFunction(this, 'example-service', {
      description: 'GET / and others: the example service',
      bundle,
      environment: { deployment, publicUrl } satisfies Record<(typeof variables)[number], string>,
      permissions: [],
      // It waits for the function userinfo, which may have a cold start.
      timeout: Duration.seconds(25),
      memory: 512,
      logs,
    });
    const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
    for (const path of paths) addMethods(addResource(path.slice(1)), 'GET', integration);
  }
}
