/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

/**
 * What the emulator does not have → what proves it instead, in the words of docs/proof.md. Any other type that it does not
 * have fails the rehearsal.
 */
export const notEmulated: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm with metric math':
    'emulated: npm run game-day; examined: npm run check:template; only on a real account: that CloudWatch evaluates it alike',
  'AWS::CloudWatch::CompositeAlarm':
    'emulated: npm run game-day; examined: npm run check:template; only on a real account: that CloudWatch evaluates it alike',
  'AWS::Logs::QueryDefinition':
    'examined: npm run check:template, test/infra; only on a real account: its results',
  'AWS::WAFv2::LoggingConfiguration':
    'examined: npm run check:template, test/infra; only on a real account: the lines in the log',
  'AWS::WAFv2::WebACLAssociation':
    'examined: npm run check:template, test/infra; only on a real account: one-login doctor gets the page of the firewall',
};

/** What no type of resource stands for → what proves it instead. */
export const neverEmulated: Readonly<Record<string, string>> = {
  'stylesheets, fonts and images, since the emulator does not pass requests on to S3':
    'emulated: npm start; only on a real account: one-login doctor',
  'pages that API Gateway makes, since the emulator always returns JSON':
    'emulated: npm start; only on a real account: one-login doctor',
  'permissions, since the emulator allows everything':
    'emulated: npm start refuses what a role does not allow; examined: npm run check:template, test/infra',
  'schedules and log subscriptions': 'emulated: npm start',
  'whom an alarm calls': 'emulated: npm run game-day; only on a real account: the message',
  'how long AWS takes, its quotas, and what the account allows': 'only on a real account',
};

/** Reads what {@link notEmulated} calls a resource. */
export function readKind({ Type, Properties = {} }: Resource): string {
  return Type === 'AWS::CloudWatch::Alarm' && Properties['Metrics'] !== undefined
    ? `${Type} with metric math`
    : Type;
}
