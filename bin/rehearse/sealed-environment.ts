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
 * without the caller's own. What would leave the machine over https is sent to a closed port.
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
    // The emulator takes the account from it.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: 'true',
    HTTPS_PROXY: nowhere,
    // The CLI looks for its home by the user's name, and remembers there which account a key belongs to.
    CDK_HOME: join(directory, '.cdk'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    NO_COLOR: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
  };
}
