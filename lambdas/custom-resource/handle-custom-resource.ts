import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type CloudFormationOutcome, respondToCloudFormation } from './respond-to-cloudformation.ts';

/** What a custom resource has become. */
export interface CustomResourceResult {
  /** Names the thing: when an update returns another one, CloudFormation deletes the old one. */
  readonly physicalResourceId: string;
  /** What the template can read with `Fn::GetAtt`. All of the answer must fit into 4,096 bytes. */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Handles one event of a CloudFormation custom resource: does the work and tells CloudFormation how it went. A
 * failure of the work is an answer as well, so that a deployment fails at once and says why, instead of waiting
 * for its time limit.
 *
 * @param work creates, updates or deletes; what it throws becomes the reason that CloudFormation shows, so its
 *   message must hold no secrets
 * @param respond delivers the answer
 * @throws Error when CloudFormation could not be told
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
      // A creation that failed has no id yet, and CloudFormation wants one for the deletion that follows.
      physicalResourceId:
        event.RequestType === 'Create' ? `${event.LogicalResourceId}-not-created` : event.PhysicalResourceId,
    };
  }
}
