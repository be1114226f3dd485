import {
  InvalidChange,
  object,
  parseList,
  parseOneOf,
  parsePart,
  parseWhole,
  string,
} from '../behaviour/parse.ts';
import { RotationOutOfOrder, type RotationStep, rotationSteps } from '../keys/key-ring.ts';
import { type KeyPurpose, keyPurposes } from '../keys/provider-keys.ts';
import { type ReleaseOrder, releaseOrders } from '../logout/backchannel-logout.ts';
import {
  type LogoutTokenFault,
  type LogoutTokenOptions,
  logoutTokenFaults,
} from '../logout/logout-token-options.ts';
import { type InPersonResult, inPersonResults } from '../people/people.ts';
import { type Answer, jsonAnswer, parseJson, type Received } from '../server/message.ts';
import type { StandIn } from '../stand-in.ts';
import { ControlError, guardControl } from './guard.ts';
import { readPerson } from './person-input.ts';

/** Handles a request and returns the value for the response. */
type Action = (standIn: StandIn, body: unknown) => unknown;

/** The requests below `/control` by path and method, as in `docs/stand-in.md`. */
const actions: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  '/control': {
    GET: describeState,
    PATCH: (standIn, body) => {
      standIn.change(body as object);
      return describeState(standIn);
    },
    DELETE: (standIn) => {
      standIn.reset();
      return describeState(standIn);
    },
  },
  '/control/people': {
    GET: (standIn) => standIn.people,
    POST: (standIn, body) => {
      const person = readPerson(body);
      standIn.addPerson(person);
      return person;
    },
  },
  '/control/requests': {
    GET: (standIn) => standIn.requests,
    DELETE: (standIn) => standIn.clearRequests(),
  },
  '/control/refusals': {
    GET: (standIn) => standIn.refusals,
    DELETE: (standIn) => standIn.clearRefusals(),
  },
  '/control/key-rotations': { POST: rotateKeys },
  '/control/client-keys': { DELETE: (standIn) => standIn.forgetClientKeys() },
  '/control/browsers': { DELETE: (standIn) => standIn.forgetBrowsers() },
  '/control/logout-tokens': { POST: mintToken },
  '/control/backchannel-logouts': {
    GET: (standIn) => ({ deliveries: standIn.backchannelLogouts, held: standIn.heldBackchannelLogouts }),
    POST: sendNotification,
  },
  '/control/backchannel-logouts/release': { POST: releaseNotifications },
  '/control/in-person-checks': { POST: endInPersonCheck },
};

/** Handles a request below `/control`. The response is always JSON. */
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
  const methods = actions[path];
  if (methods === undefined) {
    throw new ControlError(404, `there is no ${path}, but there are ${Object.keys(actions).join(', ')}`);
  }
  const action = methods[method];
  if (action === undefined) {
    throw new ControlError(405, `${path} takes ${Object.keys(methods).join(', ')}, not ${method}`);
  }
  return action;
}

function readBody({ body }: Received): unknown {
  if (body === '') return undefined;
  const value = parseJson(body);
  if (value === undefined) throw new InvalidChange('the body is not JSON');
  return value;
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

const readRotation = parseWhole<{ keys: KeyPurpose; step: RotationStep }, 'keys' | 'step'>(
  { keys: parseOneOf(keyPurposes), step: parseOneOf(rotationSteps) },
  ['keys', 'step'],
);

/** `{"keys": "id_token", "step": "publish_new"}` */
async function rotateKeys(standIn: StandIn, body: unknown) {
  const { keys, step } = readRotation(body, '');
  await standIn.rotateKeys(keys, step);
  return standIn.keys;
}

const readTokenOptions = parsePart<{
  person: string;
  sub: string;
  faults: readonly LogoutTokenFault[];
  claims: Readonly<Record<string, unknown>>;
}>({ person: string, sub: string, faults: parseList(parseOneOf(logoutTokenFaults)), claims: object });

/** `{"person": "maria", "faults": ["NONCE"], "claims": {"jti": "1"}}`, or `sub` in place of `person` */
async function mintToken(standIn: StandIn, body: unknown) {
  const { token, jti } = await standIn.mintLogoutToken(readOptions(standIn, body));
  return { logout_token: token, jti };
}

/** Mints a token with the same options and sends it. */
function sendNotification(standIn: StandIn, body: unknown) {
  if (standIn.client.backchannelLogoutUri === undefined) {
    throw new ControlError(409, 'the client is registered without a back-channel logout URI');
  }
  return standIn.sendBackchannelLogout(readOptions(standIn, body));
}

function readOptions(standIn: StandIn, body: unknown): LogoutTokenOptions {
  const { person, sub, ...options } = readTokenOptions(body, '');
  if (sub !== undefined) return { sub, ...options };
  if (person === undefined) throw new InvalidChange('the body lacks person, or sub');
  return { sub: findPerson(standIn, person).sub, ...options };
}

const readRelease = parsePart<{ order: ReleaseOrder }>({ order: parseOneOf(releaseOrders) });

/** `{"order": "last_first"}` */
function releaseNotifications(standIn: StandIn, body: unknown) {
  return standIn.releaseBackchannelLogouts(readRelease(body ?? {}, '').order ?? 'first_first');
}

const readInPersonCheck = parseWhole<{ person: string; result: InPersonResult }, 'person'>(
  { person: string, result: parseOneOf(inPersonResults) },
  ['person'],
);

/** `{"person": "in-person", "result": "PROVED"}`. Returns the link in the email. */
function endInPersonCheck(standIn: StandIn, body: unknown): { e_mail_link: string } {
  const { person, result } = readInPersonCheck(body, '');
  const { id } = findPerson(standIn, person);
  return { e_mail_link: standIn.finishInPersonCheck(id, result ?? 'PROVED') };
}

function findPerson(standIn: StandIn, id: string) {
  const person = standIn.people.find((candidate) => candidate.id === id);
  if (person === undefined)
    throw new InvalidChange(`person: there is no person with the id ${JSON.stringify(id)}`);
  return person;
}
