import { App } from 'aws-cdk-lib/core';
import type { DeploymentConfig } from './config/deployment-config.ts';
import { buildProps, type OneLoginProps } from './one-login-props.ts';
import { OneLoginStack } from './one-login-stack.ts';

export interface BuildAppOptions extends Pick<OneLoginProps, 'bundles'> {
  /** The output directory of `synth()`. @default the CDK CLI's, or else a temporary directory */
  readonly outdir?: string;
}

/**
 * The CDK app of one deployment, for `cdk deploy`, `npm start` and the tests.
 *
 * @param config validated
 */
export function buildApp(config: DeploymentConfig, { outdir, ...options }: BuildAppOptions = {}): App {
  const app = new App({ analyticsReporting: false, ...(outdir === undefined ? {} : { outdir }) });
  const props = buildProps(config);
  new OneLoginStack(app, props.stackName, { ...props, ...options });
  return app;
}
