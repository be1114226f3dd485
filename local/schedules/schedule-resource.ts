import { randomUUID } from 'node:crypto';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import type { InvocationResult, LocalFunction } from '../functions/local-function.ts';
import type { ResourceHandler, ResourceRequest } from '../template/create-stack.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import type { StackIdentity } from '../template/stack-identity.ts';
import { readRate } from './rate-expression.ts';

/** A schedule and what it calls. */
export interface Schedule {
  readonly logicalId: string;
  /** Milliseconds between runs. */
  readonly interval: number;
  readonly enabled: boolean;
  /** Runs it now, as if its time had come: invokes every target. */
  run(): Promise<InvocationResult[]>;
}

/** The longest that a timer takes, in milliseconds: a little under 25 days. */
const longestInterval = 2 ** 31 - 1;

/** The schedules of one environment. They run once `start` has been called. */
export class Schedules {
  readonly #functions: FunctionRegistry;
  readonly #schedules: Schedule[] = [];
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(functions: FunctionRegistry) {
    this.#functions = functions;
  }

  get all(): readonly Schedule[] {
    return this.#schedules;
  }

  readonly handlers: Readonly<Record<string, ResourceHandler>> = {
    'AWS::Events::Rule': (resource) => this.#createRule(resource),
    'AWS::Scheduler::Schedule': (resource) => this.#createSchedule(resource),
  };

  /** Starts the timers; the first runs come one interval later. They keep no process alive. */
  start(): void {
    for (const schedule of this.#schedules.filter(({ enabled }) => enabled)) {
      this.#timers.push(setInterval(() => void schedule.run(), schedule.interval).unref());
    }
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
  #createRule({ logicalId, properties, stack }: ResourceRequest) {
    properties.ignore('Description', 'Tags');
    const isSchedule = properties.optionalString('ScheduleExpression') !== undefined;
    // Nothing happens here of which AWS would tell: no CloudTrail, no other service.
    if (!isSchedule) {
      properties.object('EventPattern').all();
      properties.ignore('State', 'Targets');
    }
    const name = properties.optionalString('Name') ?? `${stack.name}-${logicalId}`;
    const arn = buildArn(stack, 'events', `rule/${name}`);
    if (isSchedule) {
      const targets = properties.objects('Targets').map((target) => {
        target.ignore('DeadLetterConfig', 'Id', 'RetryPolicy');
        return this.#target(target);
      });
      this.#add(logicalId, properties, targets, () => scheduledEvent(stack, 'aws.events', arn, {}));
    }
    return { ref: name, attributes: { Arn: arn } };
  }

  /** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html */
  #createSchedule({ logicalId, properties, stack }: ResourceRequest) {
    properties.ignore('Description', 'FlexibleTimeWindow');
    const name = properties.optionalString('Name') ?? `${stack.name}-${logicalId}`;
    const arn = buildArn(stack, 'scheduler', `schedule/default/${name}`);
    const target = properties.object('Target');
    target.ignore('DeadLetterConfig', 'RetryPolicy', 'RoleArn');
    this.#add(logicalId, properties, [this.#target(target)], () =>
      scheduledEvent(stack, 'aws.scheduler', arn, '{}'),
    );
    return { ref: name, attributes: { Arn: arn } };
  }

  #target(target: PropertyReader) {
    const arn = target.string('Arn');
    const called = this.#functions.find(arn) ?? target.fail('Arn', `${arn} is no function here`);
    const input = target.optionalString('Input');
    return { called, ...(input === undefined ? {} : { input: JSON.parse(input) as unknown }) };
  }

  #add(
    logicalId: string,
    properties: PropertyReader,
    targets: readonly { readonly called: LocalFunction; readonly input?: unknown }[],
    createEvent: () => unknown,
  ): void {
    const expression = properties.string('ScheduleExpression');
    const interval = readRate(expression);
    if (interval === undefined || interval > longestInterval) {
      properties.fail('ScheduleExpression', `"${expression}" is not understood; rates of up to 24 days are`);
    }
    this.#schedules.push({
      logicalId,
      interval,
      enabled: properties.oneOf('State', ['ENABLED', 'DISABLED'], 'ENABLED') === 'ENABLED',
      run: () => Promise.all(targets.map(({ called, input }) => called.invoke(input ?? createEvent()))),
    });
  }
}

function scheduledEvent(stack: StackIdentity, source: string, arn: string, detail: unknown) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: stack.accountId,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: stack.region,
    resources: [arn],
    detail,
  };
}

function buildArn(
  { partition, region, accountId }: StackIdentity,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
