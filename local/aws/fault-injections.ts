import type { ServerResponse } from 'node:http';
import type { AwsCall } from './aws-call.ts';

/**
 * Makes an endpoint misbehave. With `hold` the call waits first; then it fails, or is answered properly when no failure is
 * given.
 */
export interface FaultInjection {
  /** Only this action, such as `PutItem`. @default every action */
  readonly action?: string;
  /** Only the calls of the function with this logical id. @default every caller's */
  readonly caller?: string;
  /** The answer waits until this is settled. A promise that never settles makes a service that never answers. */
  readonly hold?: Promise<unknown>;
  /** Answers with this error, such as `{ status: 400, type: 'ThrottlingException' }`. */
  readonly error?: { readonly status: number; readonly type: string; readonly message?: string };
  /** Ends the connection without any answer. */
  readonly disconnect?: true;
}

/** The injections of one endpoint. */
export class FaultInjections {
  readonly #active: FaultInjection[] = [];

  /** @returns a function that ends the injection */
  add(injection: FaultInjection): () => void {
    this.#active.push(injection);
    return () => {
      const index = this.#active.indexOf(injection);
      if (index >= 0) this.#active.splice(index, 1);
    };
  }

  /** @returns true when the call has been answered or disconnected */
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

/** Answers in AWS's JSON protocols, in which an error has its type in `__type`. */
export function writeAwsJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
