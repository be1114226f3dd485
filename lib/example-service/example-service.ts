import { type IResource, LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { variables } from '../../lambdas/example-service/environment.ts';
import { paths } from '../../lambdas/example-service-pages.ts';
import { addMethods } from '../api/rest-api.ts';
import { LambdaFunction } from '../functions/lambda-function.ts';
import type { LogOptions } from '../monitoring/log-group.ts';

export interface ExampleServiceProps {
  /** The deployment's name. */
  readonly deployment: string;
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  /** The directory with its function's bundle. */
  readonly bundle: string;
  readonly logs: LogOptions;
  /** Where a page is served. @param path below the service's own address, empty for its root */
  readonly resource: (path: string) => IResource;
}

/**
 * The example service: pages at the service's own address which show what signing in is like. Its function is what a
 * service of any kind would be. It has no permission but to write its log, and knows of its users what `/auth/userinfo`
 * says.
 */
export class ExampleService extends Construct {
  constructor(scope: Construct, id: string, props: ExampleServiceProps) {
    super(scope, id);
    const { deployment, publicUrl, bundle, logs, resource } = props;
    const { function: handler } = new LambdaFunction(this, 'example-service', {
      description: 'GET / and others: the example service',
      bundle,
      environment: { deployment, publicUrl } satisfies Record<(typeof variables)[number], string>,
      permissions: [],
      // It waits for another function, which may be starting.
      timeout: Duration.seconds(25),
      memory: 512,
      logs,
    });
    const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
    for (const path of paths) addMethods(resource(path.slice(1)), 'GET', integration);
  }
}
