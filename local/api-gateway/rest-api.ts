import type { LocalFunction } from '../functions/local-function.ts';
import type { GatewayResponseOverride } from './gateway-responses.ts';

/** A REST API as the template describes it. */
export interface RestApi {
  /** As in the host name of execute-api. */
  readonly id: string;
  readonly accountId: string;
  /** Content types whose bodies go to and come from functions in base64. */
  readonly binaryMediaTypes: readonly string[];
  /** In bytes, from which on bodies are compressed; undefined compresses none. */
  readonly minimumCompressionSize: number | undefined;
  readonly resources: readonly ApiResource[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponseOverride>;
  readonly stage: Stage;
}

export interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A path of the API and its methods. */
export interface ApiResource {
  readonly id: string;
  /** With its parameters, such as `/auth/login` or `/files/{proxy+}`. */
  readonly path: string;
  /** By HTTP method; `ANY` stands for those that have none of their own. */
  readonly methods: ReadonlyMap<string, Integration>;
}

export type Integration = ProxyIntegration | MockIntegration | S3Integration;

/** The request goes to a function as an event, and the function's answer is the response. */
export interface ProxyIntegration {
  readonly type: 'AWS_PROXY';
  readonly target: LocalFunction;
  /** Milliseconds until API Gateway gives up on the function. */
  readonly timeout: number;
}

/** The response is an object in S3, which API Gateway fetches itself. */
export interface S3Integration {
  readonly type: 'AWS';
  /** What would be uploaded as the object. */
  readonly file: string;
  /** As S3 is asked to say. */
  readonly contentType: string;
  /** Of the response to S3's 200. */
  readonly statusCode: number;
  readonly contentHandling: 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT' | 'none';
  readonly headers: Readonly<Record<string, string>>;
}

/** The response stands in the API itself: no function is involved. */
export interface MockIntegration {
  readonly type: 'MOCK';
  /** By content type; each must come to an object with a `statusCode`. */
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly passthroughBehavior: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  readonly responses: readonly MockResponse[];
}

export interface MockResponse {
  readonly statusCode: number;
  /** Which status codes of the request template it is for; undefined for all that no other is for. */
  readonly selectionPattern?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string;
}
