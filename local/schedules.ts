import { randomUUID } from 'node:crypto';
import type { FunctionRegistry } from './functions/function-registry.ts';
import type { InvocationResult } from './functions/local-function.ts';
import type { ResourceHandlers, ResourceRequest } from './template/create-stack.ts';
import type { StackIdentity } from './template/stack-identity.ts';

/** A schedule of the template. */
export interface Schedule {
  readonly logicalId: string;
  /** Milliseconds between runs. */
  readonly interval: number;
  /** Invokes every target now, as if the time had come. */
  run(): Promise<InvocationResult[]>;
}

/** The schedules of one environment. They run once `start` has been called. */
export class Schedules {
  readonly #functions: FunctionRegistry;
  readonly all: Schedule[] = [];
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(functions: FunctionRegistry) {
    this.#functions = functions;
  }

  readonly handlers: ResourceHandlers = { 'AWS::Events::Rule': (resource) => this.#createRule(resource) };

  /** Starts the timers, which do not keep the process running. The first runs are one interval later. */
  start(): void {
    for (const schedule of this.all) {
      this.#timers.push(setInterval(() => void schedule.run(), schedule.interval).unref());
    }
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
  #createRule({ logicalId, properties, stack }: ResourceRequest) {
    properties.ignore('Description');
    const name = `${stack.name}-${logicalId}`;
    const arn = `arn:${stack.partition}:events:${stack.region}:${stack.accountId}:rule/${name}`;
    const expression = properties.optionalString('ScheduleExpression');
    if (expression === undefined) {
      // A rule for events: without CloudTrail and other services there are none.
      properties.object('EventPattern').all();
      properties.ignore('State', 'Targets');
      return { ref: name, attributes: { Arn: arn } };
    }
    const [, minutes] = /^rate\(([1-9]\d{0,3}) minutes\)$/.exec(expression) ?? [];
    if (minutes === undefined) {
      properties.fail('ScheduleExpression', `"${expression}" is not understood; rate(5 minutes) is`);
    }
    properties.oneOf('State', ['ENABLED']);
    const targets = properties.objects('Targets').map((target) => {
      target.ignore('Id');
      const called = target.string('Arn');
      return (
        this.#functions.find(called) ?? target.fail('Arn', `${called} is not a function of this template`)
      );
    });
    this.all.push({
      logicalId,
      interval: Number(minutes) * 60_000,
      run: () => Promise.all(targets.map((target) => target.invoke(createScheduledEvent(stack, arn)))),
    });
    return { ref: name, attributes: { Arn: arn } };
  }
}

function createScheduledEvent(stack: StackIdentity, ruleArn: string) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: stack.accountId,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: stack.region,
    resources: [ruleArn],
    detail: {},
  };
}
