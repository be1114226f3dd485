/** Rule of cfn-lint → why it does not apply here. @see https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md */
export const ignoredRules: Readonly<Record<string, string>> = {
  W3005:
    'a dependency that a reference already makes: the CDK writes both, so that a function also waits for the policies of its role',
};
