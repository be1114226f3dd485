import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmsConfig } from '../config/deployment-config.ts';
import { AlarmTopic } from './alarm-topic.ts';

export interface AlarmsProps {
  /** The beginning of every alarm's name. */
  readonly prefix: string;
  readonly config: AlarmsConfig;
  /** @default {} */
  readonly overrides?: AlarmOverrides | undefined;
}

/** Name of an alarm, as in `docs/operations/monitoring.md` → what is different about it. */
export type AlarmOverrides = Readonly<
  Record<
    string,
    Partial<
      Pick<
        AlarmProps,
        'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData' | 'actionsEnabled'
      >
    >
  >
>;

/** An alarm of ours: what CloudWatch needs, and what a person needs who is woken by it. */
export interface RunbookAlarmProps
  extends Omit<AlarmProps, 'actionsEnabled' | 'alarmName' | 'alarmDescription'> {
  /** What is wrong, in a sentence or two. */
  readonly meaning: string;
  /** `now`: users can't sign in or out, or somebody attacks. `next-working-day`: nobody has noticed yet. */
  readonly urgency: 'now' | 'next-working-day';
  /**
   * The page in `docs/operations/runbooks` that says what to do, without `.md`.
   * @default the alarm's name
   */
  readonly runbook?: string;
}

const urgencies = { now: 'Act now.', 'next-working-day': 'Look on the next working day.' } as const;

/** Where the runbooks are in the repository, for a deployment whose config does not say where they can be read. */
export const runbookFolder = 'docs/operations/runbooks';

/**
 * The alarms of a deployment. Each says in its description what is wrong, how urgent it is and which runbook to open, and
 * is sent to the topics in the config, when it rings and when it is over. Without a topic the alarms are there to be
 * looked at, and for EventBridge.
 */
export class Alarms extends Construct {
  readonly #prefix: string;
  readonly #runbooks: string;
  readonly #actions: readonly SnsAction[];
  readonly #overrides: AlarmOverrides;
  readonly #all: Alarm[] = [];

  constructor(scope: Construct, id: string, { prefix, config, overrides = {} }: AlarmsProps) {
    super(scope, id);
    this.#prefix = prefix;
    this.#runbooks = config.runbookBaseUrl ?? runbookFolder;
    this.#overrides = overrides;
    const topics: ITopic[] = [];
    if (config.topicArn !== undefined) topics.push(Topic.fromTopicArn(this, 'Existing', config.topicArn));
    if (config.emails.length > 0)
      topics.push(new AlarmTopic(this, 'Topic', { deployment: prefix, emails: config.emails }).topic);
    this.#actions = topics.map((topic) => new SnsAction(topic));
  }

  /** All that have been added by now, in this order. The dashboard shows those that were there when it was made. */
  get all(): readonly Alarm[] {
    return this.#all;
  }

  /**
   * @param name unique in the deployment, in kebab-case: a new name is a new alarm
   * @param props rings at or above the threshold unless it says otherwise, and takes silence for good news
   */
  add(name: string, { meaning, urgency, runbook = name, ...props }: RunbookAlarmProps): Alarm {
    const alarm = new Alarm(this, name, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
      ...this.#overrides[name],
      // No name of a deployment has a dot, so that no two deployments share an alarm's name.
      alarmName: `${this.#prefix}.${name}`,
      alarmDescription: `${meaning} ${urgencies[urgency]} Runbook: ${this.#runbooks}/${runbook}.md`,
    });
    for (const action of this.#actions) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    this.#all.push(alarm);
    return alarm;
  }

  /** @throws Error when an override is for an alarm that does not exist */
  checkOverrides(): void {
    const names = this.#all.map(({ node }) => node.id);
    const unknown = Object.keys(this.#overrides).filter((name) => !names.includes(name));
    if (unknown.length === 0) return;
    throw new Error(
      `alarmOverrides: there is no alarm ${unknown.join(', ')}; the alarms are ${names.join(', ')}`,
    );
  }
}
