import { HttpApi, MappingValue, ParameterMapping } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { SessionHttpAuthorizer } from '../../lib/index.ts';

export interface OrdersHttpApiProps extends StackProps {
  /** The deployment's `name` in its config. */
  readonly deployment: string;
  /** Where the application is, which takes requests from this API only. */
  readonly application: string;
}

/** An HTTP API for scripts in the service's pages: `/api/orders` for users who are signed in. */
export class OrdersHttpApi extends Stack {
  constructor(scope: Construct, id: string, { deployment, application, ...stackProps }: OrdersHttpApiProps) {
    super(scope, id, stackProps);
    const api = new HttpApi(this, 'Api');
    const user = (key: string) => MappingValue.contextVariable(`authorizer.${key}`);
    api.addRoutes({
      path: '/api/orders',
      integration: new HttpUrlIntegration('Application', `${application}/api/orders`, {
        parameterMapping: new ParameterMapping()
          .overwriteHeader('x-one-login-sub', user('sub'))
          .overwriteHeader('x-one-login-vot', user('vot'))
          .overwriteHeader('x-one-login-email', user('email'))
          .removeHeader('cookie'),
      }),
      authorizer: new SessionHttpAuthorizer(this, 'Authorizer', {
        functionArn: StringParameter.valueForStringParameter(
          this,
          `/one-login/${deployment}/authorizer/Cl.Cm`,
        ),
      }),
    });
  }
}
