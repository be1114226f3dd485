import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type LoopbackServer, listenInternally } from '../loopback-server.ts';
import { type AwsCall, readAwsCall } from './aws-call.ts';
import { type FaultInjection, FaultInjections, writeAwsJson } from './fault-injections.ts';

/** A request to an AWS service. */
export interface AwsRequest {
  readonly call: AwsCall;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

export interface AwsEndpointOptions {
  /** Called with every call before it is answered. */
  readonly onCall: (call: AwsCall) => void;
  /** Returns the reason why a call is refused, see {@link AccessControl.refuse}. @default no call is refused */
  readonly refuse?: ((call: AwsCall) => string | undefined) | undefined;
  readonly answer: (request: AwsRequest) => void | Promise<void>;
}

/** A local endpoint for an AWS service, which reports its calls and can be made to misbehave. */
export interface AwsEndpoint {
  readonly url: string;
  /** Makes the endpoint slow or failing until the returned function is called. */
  injectFault(injection: FaultInjection): () => void;
  close(): Promise<void>;
}

export async function startAwsEndpoint({ onCall, refuse, answer }: AwsEndpointOptions): Promise<AwsEndpoint> {
  const injections = new FaultInjections();
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const call = readAwsCall(request.headers, body.toString('utf8'));
    onCall(call);
    const message = refuse?.(call);
    if (message !== undefined) writeAwsJson(response, 400, { __type: 'AccessDeniedException', message });
    else if (!(await injections.apply(call, response))) await answer({ call, request, body, response });
  };
  const listener: RequestListener = (request, response) => {
    // The caller has closed the connection, or the endpoint has a fault: there is no answer in either case.
    serve(request, response).catch(() => response.destroy());
  };
  const server: LoopbackServer = await listenInternally(listener);
  return {
    url: server.url,
    injectFault: (injection) => injections.add(injection),
    close: () => server.close(),
  };
}

/**
 * Starts the endpoint for every other AWS service, so that no call leaves the machine.
 *
 * @param onCall called with every call
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
