import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { setFeatureFlags } from './feature-flags.ts';
import { OneLogin } from './one-login.ts';
import type { OneLoginProps } from './one-login-props.ts';

export interface OneLoginStackProps extends StackProps, OneLoginProps {}

/** A stack that contains only {@link OneLogin}, for a deployment with one config file. */
export class OneLoginStack extends Stack {
  readonly oneLogin: OneLogin;

  constructor(scope: Construct, id: string, props: OneLoginStackProps) {
    super(scope, id, { description: 'Sign in with GOV.UK One Login', ...props });
    setFeatureFlags(this);
    this.oneLogin = new OneLogin(this, 'Default', props);
  }
}
