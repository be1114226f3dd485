/** Resource type → where what the emulator makes nothing of is seen to instead. Any other type fails the rehearsal. */
export const typesNotEmulated: Readonly<Record<string, string>> = {
  'AWS::Route53::RecordSet':
    'wants a hosted zone that was there before; cfn-lint reads it, and test/infra looks at where it leads',
  'AWS::ApiGateway::Authorizer':
    'has no template in the emulator; only the example service uses it, npm start runs it, and test/flow/authorizer.test.ts',
  'AWS::Logs::QueryDefinition': 'has no API in the emulator; cfn-lint reads it, and test/infra looks at each',
};

/** Custom resource type → why its function is not run, and where it is. */
export const customResourcesNotRun: Readonly<Record<string, string>> = {
  'Custom::ProviderDocuments':
    'would call One Login, which is not on this machine; npm start runs it, and test/local/environment.test.ts',
};

/** What no type of resource tells. */
export const neverEmulated: readonly string[] = [
  'requests to the API, schedules, subscriptions, and the functions behind them: npm start runs them from the same template, and test/flow and test/e2e walk through them',
  "permissions, quotas and AWS's own managed policies: the emulator refuses nothing; test/infra and test/flow compare each role with what its function calls",
  'the formats of function logs, since the emulator keeps no LoggingConfig: test/infra/functions.test.ts',
  'whether an update replaces a resource, and how long anything takes: `npx cdk diff` against the real account',
];
