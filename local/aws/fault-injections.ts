import type { ServerResponse } from 'node:http';
import type { AwsCall } from './aws-call.ts';

/**
 * Makes an endpoint misbehave. Of what is given, `hold` comes first: the call waits for it, then fails as told or
 * is answered properly.
 */
export interface FaultInjection {
  /** Only this action, such as `PutItem`. @default every action */
  readonly action?: string;
  /** Only the calls of the function with this logical id. @default every caller's */
  readonly caller?: string;
  /** The answer waits until this is settled; one that never settles makes a service that never answers. */
  readonly hold?: Promise<unknown>;
  /** Answers with this error instead, such as `{ status: 400, type: 'ThrottlingException' }`. */
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

  /** @returns whether the call was dealt with, and must not be answered any more */
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
    const { status, type, message = `${type}, as the test wants it` } = injection.error;
    writeAwsJson(response, status, { __type: type, message });
    return true;
  }
}

/** Answers as AWS's JSON protocols do: errors carry their type in `__type`. */
export function writeAwsJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
