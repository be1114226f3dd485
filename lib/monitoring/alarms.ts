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

/** Name of an alarm, as in `docs/operations/monitoring.md` → properties to change. */
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

/** The properties of an alarm, and the information for the person whom it wakes. */
export interface RunbookAlarmProps
  extends Omit<AlarmProps, 'actionsEnabled' | 'alarmName' | 'alarmDescription'> {
  /** What is wrong, in a sentence or two. */
  readonly meaning: string;
  /** `now`: users can't sign in or out, or there is an attack. `next-working-day`: users have not noticed yet. */
  readonly urgency: 'now' | 'next-working-day';
  /**
   * The page in `docs/operations/runbooks` with the instructions, without `.md`.
   * @default the alarm's name
   */
  readonly runbook?: string;
}

const urgencies = { now: 'Act now.', 'next-working-day': 'Look on the next working day.' } as const;

/** The folder of the runbooks in this repository, for configs without `runbookBaseUrl`. */
export const runbookFolder = 'docs/operations/runbooks';

/**
 * The alarms of a deployment. The description of each contains what is wrong, how urgent it is and which runbook to read.
 * CloudWatch notifies the topics in the config when an alarm starts and when it ends. Without a topic, the alarms are
 * visible in the console and in EventBridge.
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

  /** The alarms added so far, in this order. The dashboard shows those that exist when it is created. */
  get all(): readonly Alarm[] {
    return this.#all;
  }

  /**
   * @param name unique in the deployment, in kebab-case. A new name creates a new alarm
   * @param props with these defaults: the alarm rings at or above the threshold, and missing data are not breaching
   */
  add(name: string, { meaning, urgency, runbook = name, ...props }: RunbookAlarmProps): Alarm {
    const alarm = new Alarm(this, name, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
      ...this.#overrides[name],
      // Deployment names contain no dots, so that two deployments never share an alarm's name.
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
