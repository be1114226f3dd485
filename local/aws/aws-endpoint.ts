import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type LoopbackServer, listenInternally } from '../loopback-server.ts';
import { type AwsCall, readAwsCall } from './aws-call.ts';
import { type FaultInjection, FaultInjections, writeAwsJson } from './fault-injections.ts';

/** A request to an AWS service with all that is needed to answer it. */
export interface AwsRequest {
  readonly call: AwsCall;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

export interface AwsEndpointOptions {
  /** Told of every call before it is answered. */
  readonly onCall: (call: AwsCall) => void;
  /** Says why a call is refused, see {@link AccessControl.refuse}. @default no call is */
  readonly refuse?: ((call: AwsCall) => string | undefined) | undefined;
  readonly answer: (request: AwsRequest) => void | Promise<void>;
}

/** A local stand-in for an AWS service, which notes who calls what and can be made to misbehave. */
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
    // What fails here is a caller that went away, or a fault of the endpoint: either way there is no answer.
    serve(request, response).catch(() => response.destroy());
  };
  const server: LoopbackServer = await listenInternally(listener);
  return {
    url: server.url,
    injectFault: (injection) => injections.add(injection),
    close: () => server.close(),
  };
}
