import { readFunctionName } from '../../lib/functions/function-name.ts';
import { type MetricKey, type MetricView, nameMetric } from './cloudwatch/metric-store.ts';
import { type Alarm, type Resources, readAlarms, resolveText } from './cloudwatch/read-alarms.ts';

/** A deployment's alarms, and the names of what they watch. */
export interface WatchedDeployment {
  readonly alarms: readonly Alarm[];
  /** Everything that the alarms read. */
  readonly views: readonly MetricView[];
  /** A metric that the functions write. @param recorded as in the recordings, such as `started purpose=login` */
  ownMetric(recorded: string): MetricKey;
  /** A metric of a function, by the name that it has in the template, such as `callback`. */
  functionMetric(name: string, metric: string): MetricKey;
  /** A metric of the API, or of one of its routes. @param route such as `GET /auth/login` */
  apiMetric(metric: string, route?: string): MetricKey;
  /** The number of messages about signatures by others. */
  readonly foreignSignatures: MetricKey;
}

/**
 * @param resources of the deployment's template
 * @param deployment its name in the config
 * @throws Error for an alarm that is not understood
 */
export function readDeployment(resources: Resources, deployment: string): WatchedDeployment {
  const alarms = readAlarms(resources);
  const functions = new Map<string, string>();
  for (const [id, resource] of Object.entries(resources)) {
    const name = readFunctionName(resource);
    if (name !== undefined && !functions.has(name)) functions.set(name, id);
  }
  const [, api] = findResource(resources, 'AWS::ApiGateway::RestApi');
  const [queue] = findResource(resources, 'AWS::SQS::Queue');
  const apiDimensions = { ApiName: resolveText(api['Name']), Stage: 'live' };
  return {
    alarms,
    views: alarms.flatMap((alarm) => (alarm.kind === 'metric' ? [...alarm.views.values()] : [])),
    ownMetric: (recorded) => {
      const [name = '', ...dimensions] = recorded.split(' ');
      const own = Object.fromEntries(dimensions.map((each) => each.split('=')));
      return nameMetric('OneLogin', name, { deployment, ...own });
    },
    functionMetric: (name, metric) =>
      nameMetric('AWS/Lambda', metric, { FunctionName: functions.get(name) ?? `no function ${name}` }),
    apiMetric: (metric, route) => {
      const [Method = '', Resource = ''] = route?.split(' ') ?? [];
      return nameMetric('AWS/ApiGateway', metric, {
        ...apiDimensions,
        ...(route === undefined ? {} : { Method, Resource }),
      });
    },
    foreignSignatures: nameMetric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: queue }),
  };
}

type Properties = NonNullable<Resources[string]['Properties']>;

function findResource(resources: Resources, type: string): readonly [string, Properties] {
  const [found, ...others] = Object.entries(resources).filter(([, { Type }]) => Type === type);
  if (found === undefined || others.length > 0) throw new Error(`the template has not exactly one ${type}`);
  return [found[0], found[1].Properties ?? {}];
}
