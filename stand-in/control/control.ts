import { InvalidChange } from '../behaviour/parse.ts';
import { RotationOutOfOrder } from '../keys/key-ring.ts';
import { type Answer, jsonAnswer, type Received } from '../server/message.ts';
import type { StandIn } from '../stand-in.ts';
import {
  endInPersonCheck,
  mintToken,
  releaseNotifications,
  rotateKeys,
  sendNotification,
} from './actions.ts';
import { ControlError, guardControl } from './guard.ts';
import { readPerson } from './person-input.ts';

/** Handles a request and returns the value for the response. */
type Action = (standIn: StandIn, body: unknown) => unknown;

/** The requests below `/control`, as in `docs/stand-in.md`. */
const actions: ReadonlyMap<string, Readonly<Partial<Record<string, Action>>>> = new Map([
  [
    '/control',
    {
      GET: describeState,
      PATCH: (standIn: StandIn, body: unknown) => {
        standIn.change(body as object);
        return describeState(standIn);
      },
      DELETE: (standIn: StandIn) => {
        standIn.reset();
        return describeState(standIn);
      },
    },
  ],
  [
    '/control/people',
    {
      GET: (standIn: StandIn) => standIn.people,
      POST: (standIn: StandIn, body: unknown) => {
        const person = readPerson(body);
        standIn.addPerson(person);
        return person;
      },
    },
  ],
  [
    '/control/requests',
    { GET: (standIn: StandIn) => standIn.requests, DELETE: (standIn: StandIn) => standIn.clearRequests() },
  ],
  [
    '/control/refusals',
    { GET: (standIn: StandIn) => standIn.refusals, DELETE: (standIn: StandIn) => standIn.clearRefusals() },
  ],
  ['/control/key-rotations', { POST: rotateKeys }],
  ['/control/client-keys', { DELETE: (standIn: StandIn) => standIn.forgetClientKeys() }],
  ['/control/browsers', { DELETE: (standIn: StandIn) => standIn.forgetBrowsers() }],
  ['/control/logout-tokens', { POST: mintToken }],
  [
    '/control/backchannel-logouts',
    {
      GET: (standIn: StandIn) => ({
        deliveries: standIn.backchannelLogouts,
        held: standIn.heldBackchannelLogouts,
      }),
      POST: sendNotification,
    },
  ],
  ['/control/backchannel-logouts/release', { POST: releaseNotifications }],
  ['/control/in-person-checks', { POST: endInPersonCheck }],
]);

/** Handles a request below `/control`. The answer is always JSON. */
export async function answerControlRequest(received: Received, standIn: StandIn): Promise<Answer> {
  try {
    guardControl(received, standIn.url);
    const action = findAction(received);
    const result = (await action(standIn, readBody(received))) ?? {};
    return jsonAnswer(200, result, { 'cache-control': 'no-store' });
  } catch (error) {
    const status = readStatus(error);
    if (status === undefined) throw error;
    return jsonAnswer(status, { error: (error as Error).message }, { 'cache-control': 'no-store' });
  }
}

function findAction({ path, method }: Received): Action {
  const methods = actions.get(path);
  if (methods === undefined) {
    throw new ControlError(404, `there is no ${path}, but there are ${[...actions.keys()].join(', ')}`);
  }
  const action = methods[method];
  if (action === undefined) {
    throw new ControlError(405, `${path} takes ${Object.keys(methods).join(', ')}, not ${method}`);
  }
  return action;
}

function readBody({ body }: Received): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new InvalidChange('the body is not JSON');
  }
}

function readStatus(error: unknown): number | undefined {
  if (error instanceof ControlError) return error.status;
  if (error instanceof InvalidChange) return 400;
  return error instanceof RotationOutOfOrder ? 409 : undefined;
}

function describeState(standIn: StandIn) {
  return {
    url: standIn.url,
    issuer: standIn.issuer,
    did: standIn.did,
    client: standIn.client,
    behaviour: standIn.behaviour,
    keys: standIn.keys,
    people: standIn.people.map((person) => person.id),
  };
}
