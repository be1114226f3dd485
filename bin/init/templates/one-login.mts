// The CDK app: npx cdk deploy -c config=@config@
import { App } from 'aws-cdk-lib';
import { OneLoginStack, propsFromConfig } from 'one-login-lambda';

const app = new App();
const config: unknown = app.node.tryGetContext('config');
if (typeof config !== 'string') throw new Error('Name a config file: -c config=@config@');
const props = propsFromConfig(config);
new OneLoginStack(app, props.stackName, props);
