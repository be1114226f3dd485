/** Resource type → where what the emulator makes nothing of is seen to instead. Any other type fails the rehearsal. */
export const typesNotEmulated: Readonly<Record<string, string>> = {};

/** Custom resource type → why its function is not run, and where it is. */
export const customResourcesNotRun: Readonly<Record<string, string>> = {
  'Custom::ProviderDocuments':
    'would call One Login, which is not on this machine; npm start and test/local/environment.test.ts run it',
};

/** What no type of resource tells. */
export const neverEmulated: readonly string[] = [
  'requests to the API and invocations by its routes, schedules and subscriptions: npm start runs them from the same template, test/flow and test/e2e walk them',
  'permissions: nothing is refused; test/infra/permissions.test.ts says what each function may do',
  "AWS's own managed policies, which the emulator does not have",
];
