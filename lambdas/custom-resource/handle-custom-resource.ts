import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type CloudFormationOutcome, respondToCloudFormation } from './respond-to-cloudformation.ts';

export interface CustomResourceResult {
  /** When an update returns another id, CloudFormation deletes the old resource. */
  readonly physicalResourceId: string;
  /** The attributes for `Fn::GetAtt`. The whole response must fit into 4,096 bytes. */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Handles one event of a CloudFormation custom resource and sends the result to CloudFormation. A failure is sent as well, so
 * that a deployment fails at once with its reason, instead of at its time limit.
 *
 * @param work creates, updates or deletes. CloudFormation shows the message of its error, which must contain no secrets
 * @param respond sends the response
 * @throws Error when the response could not be sent
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export async function handleCustomResource(
  event: CloudFormationCustomResourceEvent,
  work: (event: CloudFormationCustomResourceEvent) => Promise<CustomResourceResult>,
  respond: typeof respondToCloudFormation = respondToCloudFormation,
): Promise<void> {
  await respond(event, await tryWork(event, work));
}

async function tryWork(
  event: CloudFormationCustomResourceEvent,
  work: (event: CloudFormationCustomResourceEvent) => Promise<CustomResourceResult>,
): Promise<CloudFormationOutcome> {
  try {
    return { status: 'SUCCESS', ...(await work(event)) };
  } catch (error) {
    return {
      status: 'FAILED',
      reason: error instanceof Error && error.message !== '' ? error.message : 'an error without a message',
      // A failed creation has no id yet, but CloudFormation needs one for the deletion that follows.
      physicalResourceId:
        event.RequestType === 'Create' ? `${event.LogicalResourceId}-not-created` : event.PhysicalResourceId,
    };
  }
}
