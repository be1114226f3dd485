import type { AwsCall } from './aws-call.ts';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { writeAwsJson } from './fault-injections.ts';

/**
 * Where calls to every other AWS service end, so that none leaves the machine.
 *
 * @param onCall told of every call, so that it is seen
 */
export function startUnknownServices(
  onCall: (call: AwsCall) => void,
  refuse?: (call: AwsCall) => string | undefined,
): Promise<AwsEndpoint> {
  return startAwsEndpoint({
    onCall,
    refuse,
    answer: ({ call, response }) => {
      const message = `the local environment has no ${call.service}`;
      writeAwsJson(response, 400, { __type: 'UnknownOperationException', message });
    },
  });
}
