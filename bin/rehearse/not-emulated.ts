/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

/** What the emulator does not have, and where it is covered instead. Any other type that it does not have fails the rehearsal. */
export const notEmulated: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm with metric math':
    'examined: cfn-lint, test/infra; only a real account evaluates it',
  'AWS::CloudWatch::CompositeAlarm': 'examined: cfn-lint, test/infra; only a real account evaluates it',
  'AWS::Logs::QueryDefinition': 'examined: cfn-lint, test/infra',
  'AWS::WAFv2::LoggingConfiguration': 'examined: cfn-lint, test/infra',
  'AWS::WAFv2::WebACLAssociation':
    'examined: cfn-lint, test/infra; only on a real account does the firewall see requests',
};

/** What no type of resource stands for. */
export const neverEmulated: readonly string[] = [
  'stylesheets, fonts and images: the emulator does not pass requests on to S3. npm start serves them from the same template; doctor checks them on a real account',
  'pages that API Gateway makes: the emulator always returns JSON. npm start has both, and doctor checks them on a real account',
  'permissions and quotas: the emulator allows everything. test/infra and test/flow compare each role with the calls of its function',
  'schedules, log subscriptions and alarms that act: npm start runs schedules and subscriptions',
  'how long AWS takes, and whether the account allows it: only a real account',
];

/** Reads what {@link notEmulated} calls a resource. */
export function readKind({ Type, Properties = {} }: Resource): string {
  return Type === 'AWS::CloudWatch::Alarm' && Properties['Metrics'] !== undefined
    ? `${Type} with metric math`
    : Type;
}
