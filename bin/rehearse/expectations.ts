import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../local/template/json.ts';
import type { Observation } from './observation.ts';

/** How a resource type of the template is found again in what exists. */
export interface Expectation {
  /** @param id what AWS calls it */
  readonly find: (
    observed: Observation,
    id: string,
    properties: JsonObject,
    findId: (reference: Json | undefined) => string,
  ) => JsonObject | undefined;
  /** The template's properties in the words of the API that describes the thing. */
  readonly expected: (properties: JsonObject) => JsonObject;
}

/** The types whose every setting is compared. Of all others it is seen that they exist. */
export const expectations: Readonly<Record<string, Expectation>> = {
  'AWS::DynamoDB::Table': {
    find: ({ tables }, id) => tables.find(({ TableName }) => TableName === id),
    expected: ({ KeySchema, AttributeDefinitions, BillingMode, SSESpecification, TimeToLiveSpecification }) =>
      given({
        KeySchema,
        AttributeDefinitions,
        BillingModeSummary: given({ BillingMode }),
        SSEDescription: SSESpecification && { Status: 'ENABLED' },
        TimeToLive: isJsonObject(TimeToLiveSpecification)
          ? given({ TimeToLiveStatus: 'ENABLED', AttributeName: TimeToLiveSpecification['AttributeName'] })
          : { TimeToLiveStatus: 'DISABLED' },
      }),
  },
  'AWS::KMS::Key': {
    find: ({ keys }, id) => keys.find(({ KeyId }) => KeyId === id),
    expected: ({ KeySpec, KeyUsage, Description, KeyPolicy }) =>
      given({ KeySpec, KeyUsage, Description, KeyState: 'Enabled', Policy: KeyPolicy }),
  },
  'AWS::KMS::Alias': {
    find: ({ aliases }, _id, { AliasName: name }) => aliases.find(({ AliasName }) => AliasName === name),
    expected: ({ TargetKeyId }) => given({ TargetKeyId }),
  },
  'AWS::Logs::LogGroup': {
    find: ({ logGroups }, id) => logGroups.find(({ logGroupName }) => logGroupName === id),
    expected: ({ RetentionInDays, KmsKeyId }) =>
      given({ retentionInDays: RetentionInDays, kmsKeyId: KmsKeyId }),
  },
  'AWS::Logs::SubscriptionFilter': {
    find: ({ logGroups }, id) =>
      logGroups
        .flatMap(({ subscriptionFilters }) => objectsIn(subscriptionFilters))
        .find(({ filterName }) => filterName === id),
    expected: ({ FilterPattern, DestinationArn, LogGroupName }) =>
      given({ filterPattern: FilterPattern, destinationArn: DestinationArn, logGroupName: LogGroupName }),
  },
  'AWS::Lambda::Function': {
    find: ({ functions }, id) => functions.find(({ FunctionName }) => FunctionName === id),
    expected: ({ Description, Handler, Runtime, Architectures, Timeout, MemorySize, Role, Environment }) =>
      given({ Description, Handler, Runtime, Architectures, Timeout, MemorySize, Role, Environment }),
  },
  'AWS::Lambda::Permission': {
    find: ({ functions }, id) =>
      functions
        .flatMap(({ Policy }) => (isJsonObject(Policy) ? objectsIn(Policy['Statement']) : []))
        .find(({ Sid }) => Sid === id),
    expected: ({ Action, FunctionName, Principal, SourceArn }) =>
      given({
        Action,
        Resource: FunctionName,
        Principal: given({ Service: Principal }),
        Condition: SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } },
      }),
  },
  'AWS::IAM::Role': {
    find: ({ roles }, id) => roles.find(({ RoleName }) => RoleName === id),
    expected: ({ AssumeRolePolicyDocument, Description, Policies }) =>
      given({
        AssumeRolePolicyDocument,
        Description,
        Policies: objectsIn(Policies).flatMap(({ PolicyDocument }) => PolicyDocument ?? []),
      }),
  },
  'AWS::Events::Rule': {
    find: ({ rules }, id) => rules.find(({ Name }) => Name === id),
    expected: ({ Description, ScheduleExpression, EventPattern, State, Targets }) =>
      given({ Description, ScheduleExpression, EventPattern, State, Targets }),
  },
  'AWS::SSM::Parameter': {
    find: ({ parameters }, id) => parameters.find(({ Name }) => Name === id),
    expected: ({ Name, Type, Value }) => given({ Name, Type, Value }),
  },
  'AWS::ApiGateway::RestApi': {
    find: ({ apis }, id) => apis.find((api) => api['id'] === id),
    expected: ({ Name, Description, EndpointConfiguration }) =>
      given({
        name: Name,
        description: Description,
        endpointConfiguration: isJsonObject(EndpointConfiguration)
          ? given({ types: EndpointConfiguration['Types'] })
          : undefined,
      }),
  },
  'AWS::ApiGateway::Resource': {
    find: (observed, id, { RestApiId }, findId) =>
      inApi(observed, findId(RestApiId), 'resources').find((resource) => resource['id'] === id),
    expected: ({ PathPart }) => given({ pathPart: PathPart }),
  },
  'AWS::ApiGateway::Method': {
    find: (observed, _id, { RestApiId, ResourceId, HttpMethod }, findId) =>
      inApi(observed, findId(RestApiId), 'methods').find(
        ({ httpMethod, resourceId }) => httpMethod === HttpMethod && resourceId === findId(ResourceId),
      ),
    expected: ({ HttpMethod, AuthorizationType, Integration, MethodResponses }) =>
      given({
        httpMethod: HttpMethod,
        authorizationType: AuthorizationType,
        methodIntegration: isJsonObject(Integration) ? readIntegration(Integration) : undefined,
        methodResponses: byStatus(MethodResponses),
      }),
  },
  'AWS::ApiGateway::GatewayResponse': {
    find: (observed, _id, { RestApiId, ResponseType }, findId) =>
      inApi(observed, findId(RestApiId), 'gatewayResponses').find(
        ({ responseType }) => responseType === ResponseType,
      ),
    expected: ({ RestApiId: _, ...response }) => lowerFirst(response),
  },
  'AWS::ApiGateway::Deployment': {
    find: (observed, id, { RestApiId }, findId) =>
      inApi(observed, findId(RestApiId), 'deployments').find((deployment) => deployment['id'] === id),
    expected: ({ Description }) => given({ description: Description }),
  },
  'AWS::ApiGateway::Stage': {
    find: (observed, _id, { RestApiId, StageName }, findId) =>
      inApi(observed, findId(RestApiId), 'stages').find(({ stageName }) => stageName === StageName),
    expected: ({ StageName, DeploymentId, TracingEnabled, AccessLogSetting, MethodSettings }) =>
      given({
        stageName: StageName,
        deploymentId: DeploymentId,
        tracingEnabled: TracingEnabled,
        accessLogSettings: isJsonObject(AccessLogSetting) ? lowerFirst(AccessLogSetting) : undefined,
        methodSettings: Object.fromEntries(
          objectsIn(MethodSettings).map(({ ResourcePath, HttpMethod, ...settings }) => [
            `${String(ResourcePath).replace(/^\//, '')}/${String(HttpMethod)}`,
            lowerFirst(settings),
          ]),
        ),
      }),
  },
  'AWS::ApiGateway::DomainName': {
    find: ({ domainNames }, id) => domainNames.find(({ domainName }) => domainName === id),
    expected: ({ RegionalCertificateArn, SecurityPolicy }) =>
      given({ regionalCertificateArn: RegionalCertificateArn, securityPolicy: SecurityPolicy }),
  },
  'AWS::ApiGateway::BasePathMapping': {
    find: ({ domainNames }, _id, { RestApiId }, findId) =>
      domainNames
        .flatMap(({ basePathMappings }) => objectsIn(basePathMappings))
        .find(({ restApiId }) => restApiId === findId(RestApiId)),
    expected: ({ RestApiId, Stage }) => given({ restApiId: RestApiId, stage: Stage }),
  },
  'AWS::CertificateManager::Certificate': {
    find: ({ certificates }, id) => certificates.find(({ CertificateArn }) => CertificateArn === id),
    expected: ({ DomainName }) => given({ DomainName }),
  },
  'AWS::SecretsManager::Secret': {
    find: ({ secrets }, id) => secrets.find(({ ARN }) => ARN === id),
    expected: ({ Description }) => given({ Description }),
  },
  'AWS::WAFv2::WebACL': {
    find: ({ webAcls }, id) => webAcls.find(({ Name }) => Name === id.split('|')[0]),
    expected: ({ Description, DefaultAction, Rules, VisibilityConfig }) =>
      given({ Description, DefaultAction, Rules, VisibilityConfig }),
  },
  'AWS::WAFv2::WebACLAssociation': {
    find: ({ apis }) =>
      apis.flatMap(({ stages }) => objectsIn(stages)).find(({ webAclArn }) => webAclArn !== undefined),
    expected: ({ WebACLArn }) => given({ webAclArn: WebACLArn }),
  },
  'AWS::CloudWatch::Alarm': {
    find: ({ alarms }, id) => alarms.find(({ AlarmName }) => AlarmName === id),
    expected: ({ Tags: _, ...alarm }) => alarm,
  },
  'AWS::CloudWatch::Dashboard': {
    find: ({ dashboards }, id) => dashboards.find(({ DashboardName }) => DashboardName === id),
    expected: () => ({}),
  },
  'AWS::SQS::Queue': {
    find: ({ queues }, id) => queues.find(({ QueueUrl }) => QueueUrl === id),
    expected: ({ MessageRetentionPeriod, SqsManagedSseEnabled }) =>
      given({ MessageRetentionPeriod, SqsManagedSseEnabled }),
  },
  'AWS::SQS::QueuePolicy': {
    find: ({ queues }, _id, { Queues }, findId) =>
      queues.find(({ QueueUrl }) => isJsonList(Queues) && Queues.some((queue) => findId(queue) === QueueUrl)),
    expected: ({ PolicyDocument }) => given({ Policy: PolicyDocument }),
  },
  'AWS::SNS::Topic': {
    find: ({ topics }, id) => topics.find(({ TopicArn }) => TopicArn === id),
    expected: () => ({}),
  },
};

function readIntegration({
  IntegrationResponses,
  IntegrationHttpMethod,
  ...integration
}: JsonObject): JsonObject {
  return given({
    ...lowerFirst(integration),
    httpMethod: IntegrationHttpMethod,
    integrationResponses: byStatus(IntegrationResponses),
  });
}

/** API Gateway answers with an object where CloudFormation takes a list. */
function byStatus(responses: Json | undefined): JsonObject | undefined {
  if (responses === undefined) return undefined;
  return Object.fromEntries(
    objectsIn(responses).map((response) => [String(response['StatusCode']), lowerFirst(response)]),
  );
}

function inApi({ apis }: Observation, id: string, what: string): readonly JsonObject[] {
  return objectsIn(apis.find((api) => api['id'] === id)?.[what]);
}

export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}

/** Without what the template leaves to AWS. */
function given(properties: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** As APIs name what begins with a capital letter in CloudFormation. */
function lowerFirst(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      value,
    ]),
  );
}
