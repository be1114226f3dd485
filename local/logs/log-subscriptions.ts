import { gzipSync } from 'node:zlib';
import { parseJsonObject } from '../../lambdas/core/one-login/json-object.ts';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import type { ResourceHandlers, ResourceRequest } from '../template/create-stack.ts';

/** A line of a log, as CloudWatch delivers it. */
interface LogEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Delivers the lines of a log group that pass a filter to a function. */
interface Subscription {
  readonly logicalId: string;
  readonly owner: string;
  readonly logGroup: string;
  readonly passes: (line: string) => boolean;
  readonly destination: LocalFunction;
  /** The lines of the next delivery. */
  readonly waiting: LogEvent[];
  /** The delivery in progress. */
  delivery?: Promise<void>;
}

/**
 * Delivers lines that functions write to the functions that subscribe to them, a batch at a time. A delivery that
 * fails is not repeated, as it would be in AWS.
 */
export class LogSubscriptions {
  readonly #functions: FunctionRegistry;
  readonly #subscriptions: Subscription[] = [];
  #count = 0;
  #stopped = false;

  constructor(functions: FunctionRegistry) {
    this.#functions = functions;
  }

  readonly handlers: ResourceHandlers = {
    'AWS::Logs::SubscriptionFilter': (resource) => this.#create(resource),
  };

  /** Whether a function wrote a line because it was delivered: the line is in the log of another function already. */
  isCopy(functionId: string, line: string): boolean {
    return this.#subscriptions.some(
      ({ destination, passes }) => destination.logicalId === functionId && passes(line),
    );
  }

  /** To be called with every line that a function writes. */
  receive(functionId: string, line: string): void {
    const logGroup = this.#functions.find(functionId)?.identity.logGroupName;
    if (this.#stopped) return;
    for (const subscription of this.#subscriptions) {
      if (subscription.logGroup !== logGroup || !subscription.passes(line)) continue;
      this.#count += 1;
      subscription.waiting.push({ id: `${this.#count}`, timestamp: Date.now(), message: line });
      subscription.delivery ??= deliver(subscription);
    }
  }

  /** Stops all deliveries. Resolves when those in progress have arrived. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#subscriptions.map(({ delivery }) => delivery));
  }

  #create({ logicalId, properties, stack }: ResourceRequest) {
    const arn = properties.string('DestinationArn');
    this.#subscriptions.push({
      logicalId,
      owner: stack.accountId,
      logGroup: properties.string('LogGroupName'),
      passes:
        readPattern(properties.string('FilterPattern')) ??
        properties.fail('FilterPattern', 'is not understood; { $.field = "text" } is'),
      destination:
        this.#functions.find(arn) ??
        properties.fail('DestinationArn', `${arn} is not a function of this template`),
      waiting: [],
    });
    return { ref: `${stack.name}-${logicalId}` };
  }
}

/** Delivers one batch after the other. A batch has the lines that came during the delivery before it. */
async function deliver(subscription: Subscription): Promise<void> {
  const { logicalId, owner, logGroup, destination, waiting } = subscription;
  while (waiting.length > 0) {
    const batch = {
      messageType: 'DATA_MESSAGE',
      owner,
      logGroup,
      logStream: 'local',
      subscriptionFilters: [logicalId],
      logEvents: waiting.splice(0),
    };
    const data = gzipSync(JSON.stringify(batch)).toString('base64');
    await destination.invoke({ awslogs: { data } });
  }
  delete subscription.delivery;
}

/**
 * Reads a filter pattern that compares a field of a JSON line, the only one that is understood.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
function readPattern(pattern: string): ((line: string) => boolean) | undefined {
  const [, field, value] = /^\{ *\$\.(\w+) *= *"([^"*\\]*)" *\}$/.exec(pattern) ?? [];
  return field === undefined ? undefined : (line) => parseJsonObject(line)?.[field] === value;
}
