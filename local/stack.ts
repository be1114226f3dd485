import { ApiResources } from './api-gateway/api-resources.ts';
import type { RestApi } from './api-gateway/rest-api.ts';
import { ownAccessKeyId } from './aws/clients.ts';
import type { LocalAws } from './aws/local-aws.ts';
import type { Cleanup } from './cleanup.ts';
import { customResourceHandlers } from './custom-resources/custom-resource.ts';
import { startResponseEndpoint } from './custom-resources/response-endpoint.ts';
import { FunctionRegistry } from './functions/function-registry.ts';
import { functionResourceHandlers } from './functions/function-resource.ts';
import { keyResourceHandlers } from './kms/key-resource.ts';
import { logGroupHandlers } from './logs/log-group-resource.ts';
import { LogSubscriptions } from './logs/log-subscriptions.ts';
import { Schedules } from './schedules/schedule-resource.ts';
import type { Assembly } from './template/assembly.ts';
import { createStack } from './template/create-stack.ts';
import type { JsonObject } from './template/json.ts';
import type { StackIdentity } from './template/stack-identity.ts';

export interface StackOptions {
  readonly template: JsonObject;
  readonly assetPath: Assembly['assetPath'];
  readonly stack: StackIdentity;
  readonly aws: LocalAws;
  /** Whether functions call services elsewhere, which tell nobody apart. */
  readonly sharedAccessKey: boolean;
  /** Told of each line that a function writes, and whether it is a copy of a line in another function's log. */
  readonly onLine: (logicalId: string, line: string, isCopy: boolean) => void;
  readonly cleanup: Cleanup;
}

/** A stack whose resources exist on this machine. */
export interface RunningStack {
  readonly api: RestApi;
  readonly functions: FunctionRegistry;
  readonly schedules: Schedules;
}

/**
 * Creates everything in a template, custom resources included, as a deployment would; and starts its schedules.
 *
 * @throws StartError for whatever is not understood or fails
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { template, assetPath, stack, aws, sharedAccessKey, onLine, cleanup } = options;
  const functions = new FunctionRegistry();
  cleanup.add(() => functions.close());
  const subscriptions = new LogSubscriptions(functions);
  cleanup.add(() => subscriptions.stop());
  const responses = await startResponseEndpoint();
  cleanup.add(() => responses.close());
  const apis = new ApiResources(functions, assetPath);
  const schedules = new Schedules(functions);
  cleanup.add(() => schedules.stop());
  const created = await createStack({
    template,
    stack,
    handlers: {
      ...aws.tables.handlers,
      ...aws.access.handlers,
      ...keyResourceHandlers(aws.keyMaker, aws.access),
      ...logGroupHandlers,
      ...functionResourceHandlers({
        registry: functions,
        endpoints: aws.endpoints,
        access: aws.access,
        assetPath,
        onLine: (functionId, line) => {
          onLine(functionId, line, subscriptions.isCopy(functionId, line));
          subscriptions.receive(functionId, line);
        },
        ...(sharedAccessKey ? { accessKeyId: ownAccessKeyId } : {}),
      }),
      ...customResourceHandlers(functions, responses),
      ...schedules.handlers,
      ...subscriptions.handlers,
      ...apis.handlers,
    },
  });
  aws.access.name(created);
  schedules.start();
  return { api: apis.api, functions, schedules };
}
