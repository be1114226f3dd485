import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type LoopbackServer, listenInternally } from '../loopback-server.ts';
import { type AwsCall, readAwsCall } from './aws-call.ts';

/** A request to an AWS service. */
export interface AwsRequest {
  readonly call: AwsCall;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

export interface AwsEndpointOptions {
  /** Called with every call before its response. */
  readonly onCall: (call: AwsCall) => void;
  /** Returns the reason why a call is refused, see {@link AccessControl.refuse}. @default no call is refused */
  readonly refuse?: ((call: AwsCall) => string | undefined | Promise<string | undefined>) | undefined;
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
    const message = await refuse?.(call);
    if (message !== undefined) writeAwsJson(response, 400, { __type: 'AccessDeniedException', message });
    else if (!(await injections.apply(call, response))) await answer({ call, request, body, response });
  };
  const listener: RequestListener = (request, response) => {
    // The caller has closed the connection, or the endpoint has a fault: there is no response in either case.
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
  refuse?: AwsEndpointOptions['refuse'],
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

/** A service that is not in this thread: it cannot be made to misbehave from here, and ends without it. */
export function describeRemote(url: string): AwsEndpoint {
  return {
    url,
    injectFault: () => {
      throw new Error(`faults can be injected into an embedded service of this thread only, not into ${url}`);
    },
    close: async () => {},
  };
}

/**
 * Makes an endpoint misbehave. With `hold` the call waits first; then it fails, or gets its usual response when no failure is
 * given.
 */
export interface FaultInjection {
  /** Only this action, such as `PutItem`. @default every action */
  readonly action?: string;
  /** Only the calls of the function with this logical id. @default every caller's */
  readonly caller?: string;
  /** The response waits until this is settled. A promise that never settles makes a service that never responds. */
  readonly hold?: Promise<unknown>;
  /** Responds with this error, such as `{ status: 400, type: 'ThrottlingException' }`. */
  readonly error?: { readonly status: number; readonly type: string; readonly message?: string };
  /** Ends the connection without any response. */
  readonly disconnect?: true;
}

/** The injections of one endpoint. */
class FaultInjections {
  readonly #active: FaultInjection[] = [];

  /** @returns a function that ends the injection */
  add(injection: FaultInjection): () => void {
    this.#active.push(injection);
    return () => {
      const index = this.#active.indexOf(injection);
      if (index >= 0) this.#active.splice(index, 1);
    };
  }

  /** @returns true when the call has its response or is disconnected */
  async apply(call: AwsCall, response: ServerResponse): Promise<boolean> {
    const injection = this.#active.find(
      ({ action = call.action, caller = call.caller }) => action === call.action && caller === call.caller,
    );
    await injection?.hold?.catch(() => {});
    if (injection?.disconnect) {
      response.destroy();
      return true;
    }
    if (!injection?.error) return false;
    const { status, type, message = `${type}, as injected` } = injection.error;
    writeAwsJson(response, status, { __type: type, message });
    return true;
  }
}

/** Responds in AWS's JSON protocols, in which an error has its type in `__type`. */
export function writeAwsJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
