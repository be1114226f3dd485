import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';

/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:9';

export interface SealedEnvironmentOptions {
  /** What programs take for the home and for temporary files; it is removed when the rehearsal has ended. */
  readonly directory: string;
  readonly region: string;
  readonly account: string;
}

/**
 * The whole environment of every program of a rehearsal: with credentials and endpoints that lead to no account, and
 * without the caller's own. What would leave the machine over https is sent to a port where nobody listens.
 */
export function sealedEnvironment({
  directory,
  region,
  account,
}: SealedEnvironmentOptions): Record<string, string> {
  const nothing = join(directory, 'no-such-file');
  return {
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: directory,
    TMPDIR: directory,
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Until the emulator answers, and for whatever is started without its address.
    AWS_ENDPOINT_URL: nowhere,
    HTTPS_PROXY: nowhere,
    // The CLI looks for its home by the user's name, and remembers there which account a key belongs to.
    CDK_HOME: join(directory, '.cdk'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    NO_COLOR: '1',
    MOTO_ACCOUNT_ID: account,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
  };
}

/** What leads programs to the emulator. */
export function emulatorVariables(port: number): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    // The CLI tells CloudFormation where the template is. moto takes a bucket for a part of the path with this name only.
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: `http://localhost:${port}`,
  };
}
