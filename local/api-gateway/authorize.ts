import { matchesPattern } from '../iam/policy.ts';
import { isJsonList, isJsonObject, type Json } from '../template/json.ts';
import type { GatewayResponseType } from './gateway-responses.ts';
import { headerValues } from './incoming-request.ts';
import { type AuthorizerContext, createAuthorizerEvent, type ProxyEventOptions } from './proxy-event.ts';
import type { RequestAuthorizer } from './rest-api.ts';

export type Authorization =
  | { readonly kind: 'allowed'; readonly context: AuthorizerContext }
  | {
      readonly kind: 'refused';
      readonly response: GatewayResponseType;
      readonly context: Readonly<Record<string, string>>;
    };

/**
 * Lets a Lambda authorizer decide about a request, as API Gateway does.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export async function authorize(
  { target, requiredHeaders }: RequestAuthorizer,
  options: ProxyEventOptions,
): Promise<Authorization> {
  const { api, request } = options;
  const isMissing = (name: string) => headerValues(request, name).every((value) => value === '');
  if (requiredHeaders.some(isMissing)) return refuse('UNAUTHORIZED');
  const methodArn = `${api.arn}/${api.stageName}/${request.method}${request.path}`;
  const started = performance.now();
  const result = await target.invoke(createAuthorizerEvent(options, methodArn));
  if (result.kind === 'failed') {
    return refuse(result.errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_CONFIGURATION_ERROR');
  }
  const decision = readDecision(result.payload as Json);
  if (decision === undefined) return refuse('AUTHORIZER_CONFIGURATION_ERROR');
  if (!allows(decision.statements, methodArn)) return refuse('ACCESS_DENIED', decision.context);
  const integrationLatency = Math.round(performance.now() - started);
  return { kind: 'allowed', context: { ...decision.context, integrationLatency } };
}

function refuse(
  response: GatewayResponseType,
  context: Readonly<Record<string, string>> = {},
): Authorization {
  return { kind: 'refused', response, context };
}

interface Decision {
  readonly statements: readonly Statement[];
  /** With the principal. */
  readonly context: Readonly<Record<string, string>>;
}

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/**
 * Reads what an authorizer returned.
 *
 * @returns undefined when it is malformed, or has parts of a policy that are not understood
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
function readDecision(payload: Json): Decision | undefined {
  if (!isJsonObject(payload)) return undefined;
  const { principalId, policyDocument: document, context = {} } = payload;
  if (typeof principalId !== 'string' || !isJsonObject(document)) return undefined;
  const statements = [document['Statement'] ?? []].flat().map(readStatement);
  if (statements.length === 0 || !statements.every((each) => each !== undefined)) return undefined;
  if (!isJsonObject(context) || !Object.values(context).every(isScalar)) return undefined;
  const texts = Object.entries(context).map(([name, value]) => [name, String(value)]);
  return { statements, context: { ...Object.fromEntries(texts), principalId } };
}

function readStatement(statement: Json): Statement | undefined {
  if (!isJsonObject(statement)) return undefined;
  const { Sid: _, Effect: effect, Action: action, Resource: resource, ...others } = statement;
  const [actions, resources] = [readTexts(action), readTexts(resource)];
  if (effect !== 'Allow' && effect !== 'Deny') return undefined;
  if (!actions || !resources || Object.keys(others).length > 0) return undefined;
  return { effect, actions, resources };
}

function readTexts(value: Json | undefined): readonly string[] | undefined {
  const texts = isJsonList(value) ? value : [value];
  return texts.every((each) => typeof each === 'string') ? texts : undefined;
}

function isScalar(value: Json): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** What is not allowed is denied, and so is what is both. */
function allows(statements: readonly Statement[], methodArn: string): boolean {
  const effects = statements
    .filter(
      ({ actions, resources }) =>
        actions.some((action) => matchesPattern(action.toLowerCase(), 'execute-api:invoke')) &&
        resources.some((resource) => matchesPattern(resource, methodArn)),
    )
    .map(({ effect }) => effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}
