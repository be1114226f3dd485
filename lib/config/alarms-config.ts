/** Who is told when something is wrong, and where it is written what to do then. */
export interface AlarmsConfig {
  /**
   * An SNS topic that is there already, in the same region, which all alarms are sent to. If it is encrypted, its key
   * must let CloudWatch use it.
   * @default none
   */
  readonly topicArn?: string;
  /**
   * Addresses that get every alarm by e-mail, from a topic of this stack: at most 20. Each is asked to confirm first.
   * @default []
   */
  readonly emails: readonly string[];
  /**
   * Where your copy of the folder `docs/operations/runbooks` can be read, without a trailing slash: alarms link to it.
   * @default alarms name the file in the repository that the stack was deployed from
   */
  readonly runbookBaseUrl?: string;
}
