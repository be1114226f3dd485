/** What must happen in a cell, by the kind of flow, the call and the fault. */
import type { ErrorCode } from '../../lambdas/core/errors.ts';
import type { DependencyCall } from './call-log.ts';
import type { FaultName } from './faults.ts';
import type { Cell } from './matrix.ts';

export interface Expectation {
  /** `usual`: as if nothing had gone wrong. */
  readonly outcome: 'usual' | 'refused' | 'either';
  /** Those that a refusal may have. */
  readonly codes: readonly ErrorCode[];
  /** Whether a usual outcome leaves a line in the log for the service's operators. */
  readonly noted: boolean;
}

const usual: Expectation = { outcome: 'usual', codes: [], noted: false };

export function determineExpectation(cell: Cell | undefined): Expectation {
  if (cell === undefined || isHarmless(cell)) return usual;
  const { call, fault } = cell;
  // DynamoDB and KMS never send so much, and their clients have no limit.
  const mayWork = fault === 'huge' && call.service !== 'One Login';
  if (isTolerated(cell)) return { ...usual, noted: !mayWork && isNoted(cell) };
  return { outcome: mayWork ? 'either' : 'refused', codes: listCodes(call, fault), noted: false };
}

/** Whether the call succeeds in spite of the fault, in time or at the second try. */
function isHarmless({ call: { service, action, about }, fault }: Cell): boolean {
  if (fault === 'slow' || fault === 'answer lost once') return true;
  // The responses to these are not read.
  const asksForNothing =
    ['PutItem', 'DeleteItem'].includes(action) || (action === 'UpdateItem' && about !== 'the attempt');
  return fault === 'wrong type' && service === 'DynamoDB' && asksForNothing;
}

/** Whether the user need not notice that the call fails. */
function isTolerated(cell: Cell): boolean {
  const { call, prepared } = cell;
  switch (prepared.flow.kind) {
    // The new session stands; the old one is left to its idle limit. Keys in hand are as good as stored ones. Which of
    // them signs matters only at the logout.
    case 'callback':
      return (
        isDeletionOfTheOldSession(call) || isStoringOfKeys(call) || call.label === 'Query of documents (3)'
      );
    case 'backchannel':
      return isStoringOfKeys(call);
    // A user stays signed in if only the idle expiry was not extended.
    case 'session':
      return call.action === 'UpdateItem';
    // Only the language is read from the session. The place where a user left off is no condition of the request.
    case 'begin':
      return (
        call.about === 'the place' ||
        (prepared.flow.name.startsWith('in-person-return') && call.action === 'GetItem')
      );
    default:
      return false;
  }
}

/** The log must show a session that was not deleted or not changed, and a place that is lost. */
function isNoted({ call: { action, about }, prepared }: Cell): boolean {
  const losesPlace = about === 'the place' || prepared.flow.name.endsWith('to the result');
  return losesPlace || action === 'DeleteItem' || action === 'UpdateItem';
}

function isDeletionOfTheOldSession({ action }: DependencyCall): boolean {
  return action === 'DeleteItem';
}

function isStoringOfKeys({ action, about }: DependencyCall): boolean {
  return action === 'PutItem' && about.startsWith('document ');
}

/** The codes for a document that can't be fetched or used. None of them is an attack. */
const documentCodes: readonly ErrorCode[] = [
  'provider_document_unavailable',
  'provider_unreachable',
  'provider_timed_out',
  'provider_metadata_invalid',
  'provider_jwks_invalid',
  'provider_did_document_invalid',
];

function listCodes({ service, action, about }: DependencyCall, fault: FaultName): readonly ErrorCode[] {
  if (service === 'One Login') {
    if (action !== 'token' && action !== 'userinfo') return documentCodes;
    switch (fault) {
      case 'hangs':
      case 'drips':
        return ['provider_timed_out'];
      case '101':
        return ['provider_timed_out', 'provider_unreachable', `${action}_endpoint_failed`];
      case '500':
      case '502 text':
      case '429':
      case 'access denied':
        return [`${action}_endpoint_failed`];
      case 'wrong type':
        return [`${action}_response_malformed`];
      default:
        return ['provider_unreachable'];
    }
  }
  // What comes too slowly may be given up by the function as a whole.
  const late: readonly ErrorCode[] = fault === 'drips' || fault === '101' ? ['deadline_exceeded'] : [];
  if (service === 'KMS') return ['kms_unavailable', ...late];
  const isOfMarks = action.endsWith('GetItem') && about.startsWith('the mark');
  return [isOfMarks ? 'revocation_unreadable' : 'dynamodb_unavailable', ...late];
}
