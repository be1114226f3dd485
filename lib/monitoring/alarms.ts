import {
  Alarm,
  type AlarmBase,
  type AlarmProps,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AlarmsConfig } from '../config/deployment-config.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { runbookBaseUrl } from './runbook-base-url.ts';

export interface AlarmsProps {
  /** The beginning of every alarm's name. */
  readonly prefix: string;
  readonly config: AlarmsConfig;
  /** @default {} */
  readonly overrides?: AlarmOverrides | undefined;
}

type Override = Partial<
  Pick<
    AlarmProps,
    'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData' | 'actionsEnabled'
  >
>;

/**
 * Name of an alarm, as in `docs/operations/monitoring.md` → properties to change. A combined alarm has only
 * `actionsEnabled`.
 */
export type AlarmOverrides = Readonly<Record<string, Override>>;

/** `now`: users can't sign in or out, or there is an attack. `next-working-day`: users have not noticed yet. */
export type Urgency = 'now' | 'next-working-day';

/** The information for the person whom an alarm wakes. */
interface RunbookProps {
  /** What is wrong, in a sentence or two. */
  readonly meaning: string;
  /**
   * The page in `docs/operations/runbooks` with the instructions, without `.md`.
   * @default the alarm's name
   */
  readonly runbook?: string;
}

type MetricAlarmProps = Omit<AlarmProps, 'actionsEnabled' | 'alarmName' | 'alarmDescription'>;

/** The properties of an alarm, and the information for the person whom it wakes. */
export interface RunbookAlarmProps extends MetricAlarmProps, RunbookProps {
  readonly urgency: Urgency;
}

/** A condition of a combined alarm. It sends no message. */
export interface SignalProps extends MetricAlarmProps {
  /** What it shows, in a sentence. */
  readonly meaning: string;
  /** The name of the combined alarm, or how the names of several begin. */
  readonly partOf: string;
  /** The page of that alarm in `docs/operations/runbooks`, without `.md`. */
  readonly runbook: string;
}

/** An urgent alarm that combines signals. */
export interface CombinedAlarmProps extends RunbookProps {
  readonly rule: IAlarmRule;
  /** Alarms on the cause. While one of them is active, this alarm stays silent, so that one incident sends one page. */
  readonly heldBackBy?: readonly AlarmBase[];
}

const urgencies = { now: 'Act now.', 'next-working-day': 'Look on the next working day.' } as const;

/**
 * The alarms of a deployment. The description of each contains what is wrong, how urgent it is and which runbook to read.
 * CloudWatch notifies the topics in the config when an alarm starts, and when the last urgent one ends. Without a topic,
 * the alarms are visible in the console and in EventBridge.
 */
export class Alarms extends Construct {
  readonly #prefix: string;
  readonly #runbooks: string;
  readonly #actions: Readonly<Record<Urgency, readonly SnsAction[]>>;
  readonly #overrides: AlarmOverrides;
  readonly #all: AlarmBase[] = [];
  readonly #urgent: AlarmBase[] = [];

  constructor(scope: Construct, id: string, { prefix, config, overrides = {} }: AlarmsProps) {
    super(scope, id);
    this.#prefix = prefix;
    this.#runbooks = config.runbookBaseUrl ?? runbookBaseUrl;
    this.#overrides = overrides;
    const every = [
      ...this.#findTopic('Existing', config.topicArn),
      ...(config.emails.length === 0
        ? []
        : [
            new SnsAction(new AlarmTopic(this, 'Topic', { deployment: prefix, emails: config.emails }).topic),
          ]),
    ];
    this.#actions = {
      now: [...every, ...this.#findTopic('Urgent', config.urgentTopicArn)],
      'next-working-day': [...every, ...this.#findTopic('Ticket', config.ticketTopicArn)],
    };
  }

  #findTopic(id: string, arn: string | undefined): readonly SnsAction[] {
    return arn === undefined ? [] : [new SnsAction(Topic.fromTopicArn(this, id, arn))];
  }

  /** The address of the folder with the runbooks. */
  get runbooks(): string {
    return this.#runbooks;
  }

  /** The alarms added so far, in this order, with the signals of combined ones. */
  get all(): readonly AlarmBase[] {
    return this.#all;
  }

  /** Those of them that page the person on call. */
  get urgent(): readonly AlarmBase[] {
    return this.#urgent;
  }

  /**
   * @param name unique in the deployment, in kebab-case. A new name creates a new alarm
   * @param props with these defaults: the alarm starts at or above the threshold, and missing data are not breaching
   */
  add(name: string, { meaning, urgency, runbook = name, ...props }: RunbookAlarmProps): Alarm {
    const alarm = this.#addMetricAlarm(name, `${meaning} ${urgencies[urgency]}`, runbook, props);
    this.#call(alarm, urgency);
    return alarm;
  }

  /** Adds a condition of a combined alarm, with the defaults of {@link add}. */
  addSignal(name: string, { meaning, partOf, runbook, ...props }: SignalProps): Alarm {
    if (this.#overrides[name]?.actionsEnabled !== undefined) {
      throw new Error(`alarmOverrides: ${name} sends no messages; change actionsEnabled of ${partOf}`);
    }
    const text = `${meaning} Sends no message: part of ${this.#prefix}.${partOf}.`;
    return this.#addMetricAlarm(name, text, runbook, props);
  }

  /**
   * Adds an urgent alarm that combines signals (a composite alarm of CloudWatch).
   *
   * @param name unique in the deployment, in kebab-case. A new name creates a new alarm
   */
  addCombined(
    name: string,
    { meaning, runbook = name, rule, heldBackBy = [] }: CombinedAlarmProps,
  ): CompositeAlarm {
    const { actionsEnabled, ...others } = this.#overrides[name] ?? {};
    if (Object.keys(others).length > 0) {
      throw new Error(`alarmOverrides: ${name} combines alarms, and you can change only its actionsEnabled`);
    }
    const alarm = new CompositeAlarm(this, name, {
      compositeAlarmName: `${this.#prefix}.${name}`,
      alarmDescription: this.#describe(`${meaning} ${urgencies.now}`, runbook),
      alarmRule:
        heldBackBy.length === 0 ? rule : AlarmRule.allOf(rule, AlarmRule.not(AlarmRule.anyOf(...heldBackBy))),
      ...(actionsEnabled === undefined ? {} : { actionsEnabled }),
    });
    this.#all.push(alarm);
    this.#call(alarm, 'now');
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

  #addMetricAlarm(name: string, text: string, runbook: string, props: MetricAlarmProps): Alarm {
    const alarm = new Alarm(this, name, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
      ...this.#overrides[name],
      // Deployment names contain no dots, so that two deployments never share an alarm's name.
      alarmName: `${this.#prefix}.${name}`,
      alarmDescription: this.#describe(text, runbook),
    });
    this.#all.push(alarm);
    return alarm;
  }

  /**
   * Adds the message that all urgent alarms are over. A message for each would send as many on the day of the first
   * deployment, because CloudWatch sends one when it evaluates an alarm for the first time.
   */
  addAllClear(): void {
    const alarm = new CompositeAlarm(this, 'urgent', {
      compositeAlarmName: `${this.#prefix}.urgent`,
      alarmDescription:
        'An urgent alarm is active. This alarm only sends a message when all urgent alarms are over.',
      // A stack may add alarms of its own later.
      alarmRule: {
        renderAlarmRule: () =>
          Lazy.string({ produce: () => AlarmRule.anyOf(...this.#urgent).renderAlarmRule() }),
      },
    });
    for (const action of this.#actions.now) alarm.addOkAction(action);
    this.#all.push(alarm);
  }

  #describe(text: string, runbook: string): string {
    return `${text} Runbook: ${this.#runbooks}/${runbook}.md`;
  }

  #call(alarm: AlarmBase, urgency: Urgency): void {
    for (const action of this.#actions[urgency]) alarm.addAlarmAction(action);
    if (urgency === 'now') this.#urgent.push(alarm);
  }
}
