import type { LocalFunction } from '../functions/local-function.ts';

/** A REST API as the template describes it. */
export interface RestApi {
  /** As in the host name of execute-api. */
  readonly id: string;
  /** Such as `arn:aws:execute-api:eu-west-2:111122223333:abcdefghij`. The ARNs of its methods begin with it. */
  readonly arn: string;
  readonly accountId: string;
  /** Content types whose bodies are base64 in events and results of functions. */
  readonly binaryMediaTypes: readonly string[];
  /** The size in bytes from which bodies are compressed; undefined compresses none. */
  readonly minimumCompressionSize: number | undefined;
  readonly resources: readonly ApiResource[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponseOverride>;
  readonly stageName: string;
}

/** A path of the API and its methods. */
export interface ApiResource {
  readonly id: string;
  /** Such as `/auth/login`; empty for the root. */
  readonly path: string;
  /** By HTTP method. */
  readonly methods: ReadonlyMap<string, Method>;
}

export interface Method {
  readonly integration: Integration;
  /** Undefined when anyone may call the method. */
  readonly authorizer: RequestAuthorizer | undefined;
}

/** A Lambda authorizer of the type REQUEST without a cache. */
export interface RequestAuthorizer {
  readonly target: LocalFunction;
  /** The identity sources: headers, in lower case, that a request must have. */
  readonly requiredHeaders: readonly string[];
}

export type Integration = ProxyIntegration | MockIntegration | S3Integration;

/** A function gets the request as an event, and its result is the response. */
export interface ProxyIntegration {
  readonly type: 'AWS_PROXY';
  readonly target: LocalFunction;
}

/** The response is an object in S3, which API Gateway fetches itself. */
export interface S3Integration {
  readonly type: 'AWS';
  /** The object's content. */
  readonly file: string;
  readonly headers: Headers;
}

/** The response is a part of the API itself, without a function. */
export interface MockIntegration {
  readonly type: 'MOCK';
  readonly headers: Headers;
  readonly body: string;
}

type Headers = Readonly<Record<string, string>>;

/** The properties of one type of gateway response in the template. */
export interface GatewayResponseOverride {
  readonly statusCode?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** By content type. */
  readonly templates: Readonly<Record<string, string>>;
}
