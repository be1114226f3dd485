import type { ConfigFile } from './deployment-config.ts';
import { type Mistake, show } from './mistakes.ts';
import type { Rule } from './rule.ts';

/** What must hold of `alarms` beyond the schema. */
export const alarmRules: readonly Rule[] = [{ reads: /^(region|alarms(\.topicArn)?)$/, check: checkTopic }];

/** CloudWatch sends an alarm to topics of its own region only. */
function checkTopic({ region, alarms: { topicArn } }: ConfigFile): readonly Mistake[] {
  if (topicArn === undefined || topicArn.split(':')[3] === region) return [];
  const message = `${show(topicArn)} is a topic of another region; alarms of ${region} can't be sent to it`;
  return [{ path: 'alarms.topicArn', message }];
}
