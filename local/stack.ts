import { ApiResources } from './api-gateway/api-resources.ts';
import type { RestApi } from './api-gateway/rest-api.ts';
import { localAccessKeyId } from './aws/clients.ts';
import type { LocalAws } from './aws/local-aws.ts';
import type { Cleanup } from './cleanup.ts';
import { customResourceHandlers, startResponseEndpoint } from './custom-resources/custom-resource.ts';
import { FunctionRegistry } from './functions/function-registry.ts';
import { functionResourceHandlers } from './functions/function-resource.ts';
import type { WorkerStart } from './functions/worker-messages.ts';
import { logGroupHandlers } from './logs/log-groups.ts';
import { LogSubscriptions } from './logs/log-subscriptions.ts';
import { Schedules } from './schedules.ts';
import type { Assembly } from './template/assembly.ts';
import { createStack } from './template/create-stack.ts';
import type { JsonObject } from './template/json.ts';
import type { StackIdentity } from './template/stack-identity.ts';

export interface RunningStackOptions {
  readonly template: JsonObject;
  readonly assetPath: Assembly['assetPath'];
  readonly stack: StackIdentity;
  readonly aws: LocalAws;
  /** Whether the functions share an access key, because they call external services. */
  readonly sharedAccessKey: boolean;
  /** Where the functions reach the routes of the service. */
  readonly reroute?: WorkerStart['reroute'];
  /** Called with each line that a function writes, and whether it is a copy from the log of another function. */
  readonly onLine: (logicalId: string, line: string, isCopy: boolean) => void;
  readonly cleanup: Cleanup;
}

/** A stack that runs on this machine. */
export interface RunningStack {
  readonly api: RestApi;
  readonly functions: FunctionRegistry;
  readonly schedules: Schedules;
}

/**
 * Creates everything in a template, including custom resources, as a deployment does, and starts its schedules.
 *
 * @throws StartError for anything that is not understood or fails
 */
export async function startStack(options: RunningStackOptions): Promise<RunningStack> {
  const { template, assetPath, stack, aws, sharedAccessKey, reroute, onLine, cleanup } = options;
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
      ...aws.keyHandlers,
      ...logGroupHandlers,
      ...functionResourceHandlers({
        registry: functions,
        endpoints: aws.endpoints,
        access: aws.access,
        assetPath,
        reroute,
        onLine: (functionId, line) => {
          onLine(functionId, line, subscriptions.isCopy(functionId, line));
          subscriptions.receive(functionId, line);
        },
        ...(sharedAccessKey ? { accessKeyId: localAccessKeyId } : {}),
      }),
      ...customResourceHandlers(functions, responses),
      ...schedules.handlers,
      ...subscriptions.handlers,
      ...apis.handlers,
    },
  });
  aws.access.addLogicalIds(created);
  schedules.start();
  return { api: apis.api, functions, schedules };
}
