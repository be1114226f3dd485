/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

/**
 * What the emulator does not have → what proves it instead. docs/proof.md lists it. Any other type that it does not
 * have fails the rehearsal.
 */
export const notEmulated: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm with metric math':
    'emulated: npm run game-day; examined: npm run check:template; in your account: how CloudWatch evaluates it',
  'AWS::CloudWatch::CompositeAlarm':
    'emulated: npm run game-day; examined: npm run check:template; in your account: how CloudWatch evaluates it',
  'AWS::Logs::QueryDefinition': 'examined: npm run check:template, test/infra; in your account: its output',
  'AWS::WAFv2::LoggingConfiguration':
    'examined: npm run check:template, test/infra; in your account: its output',
  'AWS::WAFv2::WebACLAssociation':
    'examined: npm run check:template, test/infra; in your account: one-login doctor',
};

/** What no type of resource stands for → what proves it instead. */
export const neverEmulated: Readonly<Record<string, string>> = {
  'stylesheets, fonts and images, because the emulator of the rehearsal passes no requests to S3':
    'emulated: npm start; in your account: one-login doctor',
  'pages that API Gateway makes, because the emulator of the rehearsal always returns JSON':
    'emulated: npm start; in your account: one-login doctor',
  'permissions, because the emulator of the rehearsal allows everything':
    'emulated: npm start; examined: npm run check:template, test/infra',
  'schedules and log subscriptions': 'emulated: npm start',
  'messages of alarms': 'emulated: npm run game-day; in your account: their delivery',
  'durations, quotas and limits of the account': 'in your account',
};

/** Reads what {@link notEmulated} calls a resource. */
export function readKind({ Type, Properties = {} }: Resource): string {
  return Type === 'AWS::CloudWatch::Alarm' && Properties['Metrics'] !== undefined
    ? `${Type} with metric math`
    : Type;
}
