/** How long one try of a request to AWS may take, in milliseconds. */
export interface AwsTimeouts {
  /** Until the TCP connection stands. */
  readonly connection: number;
  /** Until the answer begins, TLS handshake included, and again for every silence within it. */
  readonly request: number;
}

/** DynamoDB and KMS answer in some ten milliseconds; what takes longer than this will not come. */
const defaultTimeouts: AwsTimeouts = { connection: 1000, request: 2000 };

/**
 * What every AWS client of ours is made with. One repetition at most: the second try goes to a connection of its
 * own, which cures a connection that died while Lambda had the function frozen; a third would only keep the
 * user waiting. The handler keeps connections alive by itself. Region, credentials and endpoint come from the environment, as the SDK reads it.
 *
 * @see https://github.com/smithy-lang/smithy-typescript/tree/main/packages/node-http-handler
 */
export function awsClientOptions(timeouts: AwsTimeouts = defaultTimeouts) {
  return {
    maxAttempts: 2,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: timeouts.connection,
      requestTimeout: timeouts.request,
      // Without it the handler only logs a warning when the time is over, and goes on waiting.
      throwOnRequestTimeout: true,
      // `requestTimeout` ends with the response's headers: this one covers a body that never comes.
      socketTimeout: timeouts.request,
    },
  };
}
