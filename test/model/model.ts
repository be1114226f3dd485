import type { Request } from './system.ts';

/** A callback whose instance reads One Login's documents from the table. */
export const changingKeys = 'callback with keys that change';

/**
 * The model: each request as a state machine. A state is the call that was answered last, and how: with nothing added it was
 * executed, `refused` means that its condition was not met, `no answer` that it failed or its answer was lost. What follows is
 * the calls that wait for an answer now, or the response. The guards of the code decide which one follows, and the invariants
 * judge. All writes of one call are one step, conditions included.
 */
export const model: Readonly<
  Record<Request['route'] | typeof changingKeys, Readonly<Record<string, readonly string[]>>>
> = {
  /** Stores an attempt, then redirects. */
  login: {
    begins: ['PutItem login-attempts'],
    'PutItem login-attempts': ['begun'],
  },
  /** Reads the session for the hint, then does the same. */
  reauthenticate: {
    begins: ['GetItem sessions session'],
    'GetItem sessions session': ['PutItem login-attempts'],
    'PutItem login-attempts': ['begun'],
  },
  /**
   * Consumes the attempt, exchanges the code, stores the session, then reads the marks. `DeleteItem` after a mark or a failure
   * withdraws the new session. At the end it deletes the replaced one.
   */
  callback: {
    begins: ['UpdateItem login-attempts', 'refused'],
    'UpdateItem login-attempts': ['One Login token'],
    'UpdateItem login-attempts, no answer': ['refused'],
    'UpdateItem login-attempts, refused': ['GetItem login-attempts'],
    'GetItem login-attempts': ['GetItem sessions session', 'refused'],
    'GetItem login-attempts, no answer': ['refused'],
    'One Login token': ['One Login userinfo', 'refused'],
    'One Login token, no answer': ['refused'],
    'One Login userinfo': [
      'DeleteItem sessions session',
      'GetItem sessions session',
      'PutItem sessions session',
    ],
    'One Login userinfo, no answer': ['refused'],
    'GetItem sessions session': ['PutItem sessions session', 'already signed in', 'refused'],
    'GetItem sessions session, no answer': ['refused'],
    'PutItem sessions session': ['BatchGetItem sessions revoked-before'],
    'PutItem sessions session, no answer': ['DeleteItem sessions session'],
    'BatchGetItem sessions revoked-before': ['DeleteItem sessions session', 'signed in'],
    'BatchGetItem sessions revoked-before, no answer': ['DeleteItem sessions session'],
    'DeleteItem sessions session': ['refused', 'signed in'],
    'DeleteItem sessions session, no answer': ['refused', 'signed in'],
  },
  /** `error=login_required` only reads the attempt, and ends a session that is older. */
  'failed callback': {
    begins: ['GetItem login-attempts'],
    'GetItem login-attempts': ['GetItem sessions session'],
    'GetItem login-attempts, no answer': ['refused'],
    'GetItem sessions session': ['DeleteItem sessions session', 'already signed in', 'refused'],
    'GetItem sessions session, no answer': ['refused'],
    'DeleteItem sessions session': ['refused'],
    'DeleteItem sessions session, no answer': ['refused'],
  },
  /** One step of One Login: another key signs, and only that one is published. */
  rotation: { begins: ['One Login rotation'], 'One Login rotation': ['rotated'] },
  /**
   * Reads the documents beside the attempt, unless its instance has them. When they lack the key of the ID token, reads them
   * again, claims a refresh, fetches the keys, and stores them. Without a claim it reads the documents until they are newer, for
   * two seconds. `id-token-key` is the key with which One Login signs now.
   */
  [changingKeys]: {
    begins: ['Query provider-documents and UpdateItem login-attempts', 'UpdateItem login-attempts'],
    'UpdateItem login-attempts': ['One Login token', 'Query provider-documents', 'refused'],
    'UpdateItem login-attempts, no answer': ['Query provider-documents', 'refused'],
    'Query provider-documents': [
      'One Login token',
      'One Login userinfo',
      'PutItem provider-documents id-token-key',
      'PutItem sessions session',
      'Query provider-documents',
      'UpdateItem login-attempts',
      'UpdateItem provider-documents jwks',
      'refused',
    ],
    'Query provider-documents, no answer': [
      'PutItem sessions session',
      'UpdateItem login-attempts',
      'refused',
    ],
    'One Login token': ['One Login userinfo', 'Query provider-documents'],
    'One Login token, no answer': ['refused'],
    'UpdateItem provider-documents jwks': [
      'One Login .well-known/jwks.json',
      'One Login userinfo',
      'refused',
    ],
    'UpdateItem provider-documents jwks, no answer': ['UpdateItem provider-documents jwks'],
    'UpdateItem provider-documents jwks, refused': ['Query provider-documents', 'refused'],
    'One Login .well-known/jwks.json': ['PutItem provider-documents jwks'],
    'One Login .well-known/jwks.json, no answer': ['UpdateItem provider-documents jwks'],
    'PutItem provider-documents jwks': ['One Login userinfo', 'refused'],
    'PutItem provider-documents jwks, no answer': ['UpdateItem provider-documents jwks'],
    'One Login userinfo': [
      'PutItem provider-documents id-token-key',
      'PutItem sessions session',
      'Query provider-documents',
    ],
    'One Login userinfo, no answer': ['refused'],
    'PutItem provider-documents id-token-key': ['PutItem sessions session'],
    'PutItem provider-documents id-token-key, no answer': ['PutItem sessions session'],
    'PutItem sessions session': ['BatchGetItem sessions revoked-before'],
    'PutItem sessions session, no answer': ['DeleteItem sessions session'],
    'BatchGetItem sessions revoked-before': ['signed in'],
    'BatchGetItem sessions revoked-before, no answer': ['DeleteItem sessions session'],
    'DeleteItem sessions session': ['refused'],
  },
  /** Reads the session, and extends its idle expiry on condition that it is still there. */
  userinfo: {
    begins: ['GetItem sessions session', 'login required'],
    'GetItem sessions session': ['UpdateItem sessions session', 'login required', 'user'],
    'GetItem sessions session, no answer': ['refused'],
    'UpdateItem sessions session': ['user'],
    'UpdateItem sessions session, no answer': ['user'],
    'UpdateItem sessions session, refused': ['login required'],
  },
  /** Reads the session and marks the browser at once, deletes the session, and only then goes to One Login. */
  logout: {
    begins: [
      'GetItem sessions session and PutItem sessions revoked-before',
      'PutItem sessions revoked-before',
    ],
    'PutItem sessions revoked-before': [
      'DeleteItem sessions session',
      'GetItem sessions session',
      'refused',
      'signed out',
    ],
    'PutItem sessions revoked-before, no answer': ['GetItem sessions session', 'refused'],
    'GetItem sessions session': [
      'DeleteItem sessions session',
      'PutItem sessions revoked-before',
      'refused',
      'signed out',
    ],
    'GetItem sessions session, no answer': ['PutItem sessions revoked-before', 'refused'],
    'DeleteItem sessions session': ['signed out'],
    'DeleteItem sessions session, no answer': ['refused'],
  },
  /** Remembers the `jti`, writes the mark, and deletes what the query finds. */
  'backchannel-logout': {
    begins: ['PutItem sessions jti'],
    'PutItem sessions jti': ['PutItem sessions revoked-before'],
    'PutItem sessions jti, no answer': ['refused'],
    'PutItem sessions jti, refused': ['refused'],
    'PutItem sessions revoked-before': ['Query sessions session'],
    'PutItem sessions revoked-before, no answer': ['refused'],
    'PutItem sessions revoked-before, refused': ['Query sessions session'],
    'Query sessions session': ['BatchWriteItem sessions session', 'revoked'],
    'Query sessions session, no answer': ['refused'],
    'BatchWriteItem sessions session': ['revoked'],
    'BatchWriteItem sessions session, no answer': ['refused'],
  },
};
