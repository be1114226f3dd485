/** The POST requests below `/control`. Each reads its body, and throws InvalidChange or ControlError. */
import { InvalidChange, object, parseList, parseOneOf, parsePart, string } from '../behaviour/parse.ts';
import { type RotationStep, rotationSteps } from '../keys/key-ring.ts';
import { type KeyPurpose, keyPurposes } from '../keys/provider-keys.ts';
import { type Delivery, type ReleaseOrder, releaseOrders } from '../logout/backchannel-logout.ts';
import {
  type LogoutTokenFault,
  type LogoutTokenOptions,
  logoutTokenFaults,
} from '../logout/logout-token-options.ts';
import { type InPersonResult, inPersonResults } from '../people/people.ts';
import type { KeyIds, StandIn } from '../stand-in.ts';
import { ControlError } from './guard.ts';

const readRotation = parsePart<{ keys: KeyPurpose; step: RotationStep }>({
  keys: parseOneOf(keyPurposes),
  step: parseOneOf(rotationSteps),
});

/** `{"keys": "id_token", "step": "publish_new"}` */
export async function rotateKeys(standIn: StandIn, body: unknown): Promise<Record<KeyPurpose, KeyIds>> {
  const { keys, step } = readRotation(body, '');
  await standIn.rotateKeys(required(keys, 'keys'), required(step, 'step'));
  return standIn.keys;
}

const readTokenOptions = parsePart<{
  person: string;
  sub: string;
  faults: readonly LogoutTokenFault[];
  claims: Readonly<Record<string, unknown>>;
}>({ person: string, sub: string, faults: parseList(parseOneOf(logoutTokenFaults)), claims: object });

/** `{"person": "maria", "faults": ["NONCE"], "claims": {"jti": "1"}}`, or `sub` in place of `person` */
export async function mintToken(
  standIn: StandIn,
  body: unknown,
): Promise<{ logout_token: string; jti: string }> {
  const { token, jti } = await standIn.mintLogoutToken(readOptions(standIn, body));
  return { logout_token: token, jti };
}

/** Mints a token with the same options and sends it. */
export function sendNotification(standIn: StandIn, body: unknown): Promise<Delivery> {
  if (standIn.client.backchannelLogoutUri === undefined) {
    throw new ControlError(409, 'the client is registered without a back-channel logout URI');
  }
  return standIn.sendBackchannelLogout(readOptions(standIn, body));
}

function readOptions(standIn: StandIn, body: unknown): LogoutTokenOptions {
  const { person, sub, ...options } = readTokenOptions(body, '');
  if (sub !== undefined) return { sub, ...options };
  return { sub: findPerson(standIn, required(person, 'person, or sub')).sub, ...options };
}

const readRelease = parsePart<{ order: ReleaseOrder }>({ order: parseOneOf(releaseOrders) });

/** `{"order": "last_first"}` */
export function releaseNotifications(standIn: StandIn, body: unknown): Promise<readonly Delivery[]> {
  return standIn.releaseBackchannelLogouts(readRelease(body ?? {}, '').order ?? 'first_first');
}

const readInPersonCheck = parsePart<{ person: string; result: InPersonResult }>({
  person: string,
  result: parseOneOf(inPersonResults),
});

/** `{"person": "in-person", "result": "PROVED"}`. Returns the link in the email. */
export function endInPersonCheck(standIn: StandIn, body: unknown): { e_mail_link: string } {
  const { person, result } = readInPersonCheck(body, '');
  const { id } = findPerson(standIn, required(person, 'person'));
  return { e_mail_link: standIn.finishInPersonCheck(id, result ?? 'PROVED') };
}

function findPerson(standIn: StandIn, id: string) {
  const person = standIn.people.find((candidate) => candidate.id === id);
  if (person === undefined)
    throw new InvalidChange(`person: there is nobody with the id ${JSON.stringify(id)}`);
  return person;
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new InvalidChange(`the body lacks ${name}`);
  return value;
}
