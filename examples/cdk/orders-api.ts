import { HttpIntegration, type IAuthorizer, type Resource, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AuthorizerGatewayResponses, SessionAuthorizer } from '../../lib/index.ts';

export interface OrdersApiProps extends StackProps {
  /** The deployment's `name` in its config. */
  readonly deployment: string;
  /** Its output `PublicUrl`. */
  readonly publicUrl: string;
  readonly serviceName: string;
  /** Where the application is, which takes requests from this API only. */
  readonly application: string;
}

/** A REST API: `/orders` for users who are signed in, `/refunds` for those whose identity is proved. */
export class OrdersApi extends Stack {
  readonly #application: string;

  constructor(scope: Construct, id: string, props: OrdersApiProps) {
    const { deployment, publicUrl, serviceName, application, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#application = application;
    const api = new RestApi(this, 'Api');
    new AuthorizerGatewayResponses(this, 'GatewayResponses', { restApi: api, publicUrl, serviceName });

    const createAuthorizer = (level: string) =>
      new SessionAuthorizer(this, `Authorizer${level.replaceAll('.', '')}`, {
        functionArn: StringParameter.valueForStringParameter(
          this,
          `/one-login/${deployment}/authorizer/${level}`,
        ),
      });
    this.#forward(api.root.addResource('orders'), createAuthorizer('Cl.Cm'));
    this.#forward(api.root.addResource('refunds'), createAuthorizer('Cl.Cm.P2'));
  }

  /** Sends the application what the authorizer returns about the user, in headers. */
  #forward(resource: Resource, authorizer: IAuthorizer): void {
    const integration = new HttpIntegration(`${this.#application}${resource.path}`, {
      httpMethod: 'ANY',
      options: {
        requestParameters: {
          'integration.request.header.X-One-Login-Sub': 'context.authorizer.sub',
          'integration.request.header.X-One-Login-Vot': 'context.authorizer.vot',
          'integration.request.header.X-One-Login-Identity-Outcome': 'context.authorizer.identity_outcome',
          'integration.request.header.X-One-Login-Identity-Vot': 'context.authorizer.identity_vot',
          'integration.request.header.X-One-Login-Email': 'context.authorizer.email',
        },
      },
    });
    resource.addMethod('ANY', integration, { authorizer });
  }
}
