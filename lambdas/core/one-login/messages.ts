/** The documents that One Login publishes. */
export type ProviderDocumentName = 'discovery' | 'jwks' | 'did';

/** What of One Login a request is for. */
export type ProviderEndpointName = ProviderDocumentName | 'token' | 'userinfo';

/** An HTTP request to One Login. */
export interface ProviderRequest {
  /** By which calls are told apart in metrics. */
  readonly endpoint: ProviderEndpointName;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Form-encoded or absent. */
  readonly body?: string;
}

/** What One Login answered. Not trusted: the validate function of each message reads it. */
export interface ProviderResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header the values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

declare const validatedAs: unique symbol;

/**
 * A value that only the validate function of `Message` makes, by a cast at its end. A function that demands one
 * can't be called with what was merely received.
 */
export type Validated<Message extends string, Value> = Value & { readonly [validatedAs]: Message };

/** A request to One Login that the browser is sent to. */
export type ProviderAddress = Validated<'provider_address', string>;
