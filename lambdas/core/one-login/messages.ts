/** The documents that One Login publishes. */
export type ProviderDocumentName = 'discovery' | 'jwks' | 'did';

export type ProviderEndpointName = ProviderDocumentName | 'token' | 'userinfo';

/** An HTTP request to One Login. The canary also sends it to our own routes. */
export interface ProviderRequest {
  /** Names the call in metrics. Without it there is no metric. */
  readonly endpoint?: ProviderEndpointName;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Form-encoded or absent. */
  readonly body?: string;
}

/** A response of One Login, which is not trusted: each message has a function that validates it. */
export interface ProviderResponse {
  readonly status: number;
  /** Names in lower case. The values of a repeated header are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

declare const validatedAs: unique symbol;

/**
 * A value that only the function that validates `Message` creates, by a cast at its end. A function with such a parameter
 * can't be called with a value that was received but not validated.
 */
export type Validated<Message extends string, Value> = Value & { readonly [validatedAs]: Message };

/** A URL of One Login that the browser is redirected to. */
export type ProviderAddress = Validated<'provider_address', string>;
