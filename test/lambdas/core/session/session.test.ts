import { createCipheriv, hkdfSync } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { createRandomValue } from '../../../../lambdas/core/one-login/random-values.ts';
import { buildCookieNames, type CookieNames } from '../../../../lambdas/core/session/cookie-names.ts';
import {
  buildBrowserCookies,
  buildRoundsCookie,
  buildSessionCookie,
  clearSessionCookie,
  readBrowserSecrets,
  readCookie,
  readSessionCredential,
} from '../../../../lambdas/core/session/cookies.ts';
import { computeExpiries, extendIdleExpiry } from '../../../../lambdas/core/session/lifetimes.ts';
import { openSession, sealSession } from '../../../../lambdas/core/session/seal.ts';
import type { SealedSession, SessionPayload } from '../../../../lambdas/core/session/session.ts';
import {
  createSessionCredential,
  deriveSessionKey,
  deriveSubjectKey,
  parseSessionCredential,
  serializeSessionCredential,
} from '../../../../lambdas/core/session/session-key.ts';
import { browserCookieName, cookieNames, sessionCookieName } from '../../../support/cookie-names.ts';

const payload: SessionPayload = {
  sub: 'urn:fdc:gov.uk:2022:someone',
  vot: 'Cl.Cm',
  authTime: 1_700_000_000,
  idToken: 'header.payload.signature',
  claims: { email: 'someone@example.com' },
  language: 'en',
  signedInAt: 1_700_000_000_000,
};
const times = { absoluteExpiresAt: 2_000, idleExpiresAt: 1_000 };

describe('a sealed session', () => {
  const credential = createSessionCredential(deriveSubjectKey('client', payload.sub));
  const sealed = sealSession(payload, credential, times);

  test('opens with the token it was sealed with', () => {
    expect(openSession(sealed, credential)).toEqual(payload);
  });

  // id: sealed-session-unreadable
  test('shows neither the subject nor any claim nor the token', () => {
    const visible = JSON.stringify({
      ...sealed,
      sealedPayload: Buffer.from(sealed.sealedPayload).toString('latin1'),
    });
    for (const secret of [payload.sub, 'someone@example.com', 'header.payload', credential.token]) {
      expect(visible).not.toContain(secret);
    }
  });

  // id: session-needs-its-token
  test('does not open with another token', () => {
    expect(openSession(sealed, createSessionCredential(credential.subjectKey))).toBeUndefined();
  });

  // id: session-bound-to-user
  test('does not open as another user', () => {
    expect(
      openSession(sealed, { ...credential, subjectKey: deriveSubjectKey('client', 'another') }),
    ).toBeUndefined();
  });

  // id: session-expiry-sealed
  test('does not open when its expiry in the table was moved', () => {
    expect(openSession({ ...sealed, absoluteExpiresAt: 3_000 }, credential)).toBeUndefined();
  });

  test('opens when it was used, which moves the idle expiry', () => {
    expect(openSession({ ...sealed, idleExpiresAt: 1_500 }, credential)).toEqual(payload);
  });

  test('does not open when any of its bytes was changed', () => {
    for (const at of [0, 12, 20, sealed.sealedPayload.length - 1]) {
      const changed = Uint8Array.from(sealed.sealedPayload);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openSession({ ...sealed, sealedPayload: changed }, credential)).toBeUndefined();
    }
  });

  test('does not open when it was cut short', () => {
    for (const length of [0, 12, 28]) {
      const cut = sealed.sealedPayload.slice(0, length);
      expect(openSession({ ...sealed, sealedPayload: cut }, credential)).toBeUndefined();
    }
  });

  test('takes less room than its compressed payload, because the parts of the ID token are decoded first', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { sub, claims } = payload;
    const idToken = `${part({ alg: 'ES256' })}.${part({ sub, ...claims })}.${'s'.repeat(86)}`;
    const { idToken: _, ...rest } = payload;
    const full = { ...rest, idToken };
    const fullSealed = sealSession(full, credential, times);
    expect(openSession(fullSealed, credential)).toEqual(full);
    const ivAndTag = 28;
    expect(fullSealed.sealedPayload.length - ivAndTag).toBeLessThan(
      deflateRawSync(JSON.stringify(full)).length,
    );
  });

  // id: session-token-unique
  test('is different each time, with a different key', () => {
    const again = createSessionCredential(credential.subjectKey);
    expect(deriveSessionKey(again).tokenHash).not.toBe(deriveSessionKey(credential).tokenHash);
    expect(sealSession(payload, credential, times).sealedPayload).not.toEqual(sealed.sealedPayload);
  });
});

describe('a session sealed by another release', () => {
  const credential = { subjectKey: deriveSubjectKey('client', 'sub'), token: 'A'.repeat(43) };
  const { subjectKey, tokenHash } = deriveSessionKey(credential);

  /** The format, spelt out: sessions outlive a deployment, and a change of it needs another version. */
  function sealAs(schemaVersion: number, contents: string | Uint8Array): SealedSession {
    const key = hkdfSync('sha256', Buffer.alloc(32), subjectKey, 'one-login session payload', 32);
    const iv = Buffer.alloc(12, 7);
    const cipher = createCipheriv('aes-256-gcm', new Uint8Array(key), iv);
    cipher.setAAD(
      Buffer.from(JSON.stringify([subjectKey, tokenHash, times.absoluteExpiresAt, schemaVersion])),
    );
    const ciphertext = Buffer.concat([cipher.update(Buffer.from(contents)), cipher.final()]);
    const sealedPayload = Buffer.concat([iv, ciphertext, cipher.getAuthTag()]);
    return { key: { subjectKey, tokenHash }, sealedPayload, schemaVersion, ...times };
  }

  const idToken = ['{"alg":"ES256"}', '{"sub":"é"}'].map((part) => Buffer.from(part).toString('base64url'));
  const signedIn = { ...payload, idToken: `${idToken.join('.')}.c2lnbmF0dXJl` };
  const compressed = deflateRawSync(
    JSON.stringify({ ...signedIn, idToken: ['{"alg":"ES256"}', '{"sub":"é"}', 'c2lnbmF0dXJl'] }),
  );

  test('opens when it is of version 1 or 2', () => {
    expect(openSession(sealAs(1, JSON.stringify(payload)), credential)).toEqual(payload);
    expect(openSession(sealAs(2, compressed), credential)).toEqual(signedIn);
  });

  test('counts as none when it is of another version, well sealed or not', () => {
    expect(openSession(sealAs(3, compressed), credential)).toBeUndefined();
    expect(openSession(sealAs(0, JSON.stringify(payload)), credential)).toBeUndefined();
    expect(
      openSession({ ...sealAs(1, JSON.stringify(payload)), schemaVersion: 2 }, credential),
    ).toBeUndefined();
  });
});

describe('the ID token of a sealed session', () => {
  const credential = createSessionCredential('subject');

  test.each(['', 'x', 'a.b', 'a.b.c', 'YQ.YR.c', 'YQ.YQ.c.d', 'gA.YQ.c', 'YQ.YQ.'])(
    'comes back to the letter when it is %j',
    (idToken) => {
      const sealed = sealSession({ ...payload, idToken }, credential, times);
      expect(openSession(sealed, credential)?.idToken).toBe(idToken);
    },
  );
});

describe('a session credential', () => {
  test('survives the cookie', () => {
    const credential = createSessionCredential(deriveSubjectKey('client', 'sub'));
    expect(parseSessionCredential(serializeSessionCredential(credential))).toEqual(credential);
  });

  test.each([
    undefined,
    '',
    '.',
    'a.b',
    `${'a'.repeat(43)}`,
    `${'a'.repeat(43)}.${'b'.repeat(42)}`,
    `${'a'.repeat(43)}.${'b'.repeat(44)}`,
    `${'a'.repeat(43)}.${'b'.repeat(43)}.c`,
    `a${'a'.repeat(43)}.${'b'.repeat(43)}`,
    `${'a'.repeat(43)}.${'b'.repeat(42)}\n`,
    `"${'a'.repeat(43)}.${'b'.repeat(43)}"`,
  ])('is not read from %j', (value) => {
    expect(parseSessionCredential(value)).toBeUndefined();
  });

  // id: subject-key-unambiguous
  test('has a subject key that keeps client id and subject apart', () => {
    expect(deriveSubjectKey('ab', 'c')).not.toBe(deriveSubjectKey('a', 'bc'));
  });
});

describe('lifetimes', () => {
  test('the idle expiry is never after the absolute one', () => {
    expect(computeExpiries({ idle: 5_000, absolute: 2_000 }, 1_000)).toEqual({
      absoluteExpiresAt: 3_000,
      idleExpiresAt: 3_000,
    });
  });

  test('activity moves the idle expiry once a fifth of the idle time has passed', () => {
    const session = { idleExpiresAt: 10_000, absoluteExpiresAt: 100_000 };
    expect(extendIdleExpiry(session, 10_000, 1_999)).toBeUndefined();
    expect(extendIdleExpiry(session, 10_000, 2_000)).toBe(12_000);
  });

  test('activity never moves the idle expiry past the absolute one', () => {
    const session = { idleExpiresAt: 10_000, absoluteExpiresAt: 12_000 };
    expect(extendIdleExpiry(session, 10_000, 9_000)).toBe(12_000);
    expect(extendIdleExpiry({ ...session, idleExpiresAt: 12_000 }, 10_000, 9_000)).toBeUndefined();
  });
});

describe('cookies', () => {
  const value = 'x'.repeat(43);

  // id: cookie-attributes
  test.each([
    ['session', buildSessionCookie(value, cookieNames)],
    ['browser', buildBrowserCookies(value, [], cookieNames)[0] ?? ''],
    ['cleared session', clearSessionCookie(cookieNames)],
  ])('the %s cookie is for this host, https and the browser alone', (_, cookie) => {
    expect(cookie).toMatch(/^__Host-one-login-(session|browser-[\w-]{8})=/);
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) {
      expect(cookie.split('; ')).toContain(attribute);
    }
    expect(cookie).not.toMatch(/Domain/i);
  });

  // id: cookie-lifetimes
  test('the session cookie ends with the browser and the browser cookie after two hours', () => {
    expect(buildSessionCookie(value, cookieNames)).not.toMatch(/Max-Age|Expires/i);
    expect(buildBrowserCookies(value, [], cookieNames)[0]?.split('; ')).toContain('Max-Age=7200');
    expect(clearSessionCookie(cookieNames).split('; ')).toContain('Max-Age=0');
  });

  test('are read from one header or several', () => {
    expect(readCookie(['a=1; b=2', 'c=3'], 'b')).toBe('2');
    expect(readCookie(['a=1; b=2', 'c=3'], 'c')).toBe('3');
    expect(readCookie(['ab=1'], 'a')).toBeUndefined();
  });

  // id: duplicate-cookies-ignored
  test('two of the same name count as none', () => {
    expect(readCookie([`${sessionCookieName}=a; ${sessionCookieName}=b`], sessionCookieName)).toBeUndefined();
    expect(
      readCookie([`${sessionCookieName}=a`, `${sessionCookieName}=a`], sessionCookieName),
    ).toBeUndefined();
  });
});

/** What JavaScript, or a language of an example, takes for white space, and browsers do not. */
const otherSpaces = [...'\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\u0085\v\f\x1c\x1f'];

describe.each<[string, (header: string) => string]>([
  ['UTF-8', (header) => header],
  ['latin1', (header) => Buffer.from(header).toString('latin1')],
])('a cookie that a sibling host has planted behind other white space, in a header read as %s', (_, read) => {
  const planted = otherSpaces.map((space) => `${space}${sessionCookieName}=planted`);

  test.each(planted)('is none of ours: %j', (pair) => {
    expect(readCookie([read(pair)], sessionCookieName)).toBeUndefined();
    expect(readCookie([read(`a=1; ${pair}`)], sessionCookieName)).toBeUndefined();
  });

  test.each(planted)('does not lock out a user who also has the right cookie: %j', (pair) => {
    const own = `${sessionCookieName}=own`;
    expect(readCookie([read(`${pair}; ${own}`)], sessionCookieName)).toBe('own');
    expect(readCookie([read(`${own}; ${pair}`)], sessionCookieName)).toBe('own');
  });
});

test('no cookie is read from headers of more than 16,384 characters in all', () => {
  const own = `${sessionCookieName}=own`;
  const others = 'x'.repeat(16_384 - own.length);
  expect(readCookie([own, others], sessionCookieName)).toBe('own');
  expect(readCookie([own, `${others}x`], sessionCookieName)).toBeUndefined();
});

test('a cookie is found with spaces and tabs around it', () => {
  expect(readCookie(['a=1; \t ; b=2'], 'b')).toBe('2');
  expect(readCookie([`a=1;\t ${sessionCookieName}=own \t; b=2`], sessionCookieName)).toBe('own');
});

describe('browser cookies', () => {
  test.each(otherSpaces)('are not read from behind other white space: %j', (space) => {
    expect(readBrowserSecrets([`${space}${browserCookieName}=${value}`], cookieNames)).toEqual([]);
    expect(
      readBrowserSecrets([`${space}${browserCookieName}=${other}; ${buildPair(value)}`], cookieNames),
    ).toEqual([value]);
  });

  const [value = '', other = ''] = [createRandomValue(), createRandomValue()].sort();
  const buildPair = (secret: string) => buildBrowserCookies(secret, [], cookieNames)[0]?.split(';')[0] ?? '';

  test('are read in the same order, whatever the order in which they come', () => {
    expect(readBrowserSecrets([`${buildPair(value)}; ${buildPair(other)}`], cookieNames)).toEqual([
      value,
      other,
    ]);
    expect(readBrowserSecrets([buildPair(other), buildPair(value)], cookieNames)).toEqual([value, other]);
  });

  test('under the one name that earlier versions gave still count', () => {
    expect(readBrowserSecrets([`${browserCookieName}=${value}`], cookieNames)).toEqual([value]);
    expect(readBrowserSecrets([`${browserCookieName}=${value}; ${buildPair(value)}`], cookieNames)).toEqual([
      value,
    ]);
  });

  test('of another form than ours are ignored', () => {
    for (const pair of [
      `${browserCookieName}=short`,
      `${browserCookieName}=${value}<`,
      `${browserCookieName}=x${value}`,
      `${browserCookieName}-other=${value}`,
      buildPair(value).replace(value, other),
    ]) {
      expect(readBrowserSecrets([pair], cookieNames)).toEqual([]);
    }
  });

  test('two of the same name count as none, and others still count', () => {
    expect(
      readBrowserSecrets([`${buildPair(value)}; ${buildPair(value)}; ${buildPair(other)}`], cookieNames),
    ).toEqual([other]);
  });

  test('are checked up to a number of 50', () => {
    const pairs = Array.from({ length: 60 }, () => buildPair(createRandomValue()));
    expect(readBrowserSecrets([pairs.join('; ')], cookieNames)).toHaveLength(50);
  });

  test('beyond five are cleared, and never the one that is used', () => {
    const secrets = Array.from({ length: 50 }, createRandomValue);
    const used = secrets.at(-1) ?? '';
    const [set, ...cleared] = buildBrowserCookies(used, secrets, cookieNames);
    expect(set).toMatch(`${buildPair(used)}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=7200`);
    expect(cleared).toHaveLength(45);
    for (const cookie of cleared) expect(cookie).toMatch(/^[\w-]+=; Path=\/; Secure; .*Max-Age=0$/);
    expect(cleared.join('')).not.toContain(buildPair(used).split('=')[0]);
  });
});

describe('the cookies of two deployments on one host', () => {
  const value = createRandomValue();
  const names = ['', 'licences', 'licences-fees'].map(buildCookieNames);
  const setBy = (each: CookieNames) =>
    [
      buildSessionCookie(`${value}.${value}`, each),
      ...buildBrowserCookies(value, [], each),
      buildRoundsCookie('1.x.1', 10, each),
      `${each.browser}=${value}`,
    ].map((cookie) => cookie.split(';')[0] ?? '');

  // id: cookies-per-deployment
  test.each(names)('belong to one of them: $session', (own) => {
    const others = names.filter((each) => each !== own).flatMap(setBy);
    expect(readSessionCredential(others, own)).toBeUndefined();
    expect(readBrowserSecrets(others, own)).toEqual([]);
    expect(readCookie(others, own.rounds)).toBeUndefined();

    const all = [...others, ...setBy(own)];
    expect(readSessionCredential(all, own)).toBeDefined();
    expect(readBrowserSecrets(all, own)).toEqual([value]);
    expect(readCookie(all, own.rounds)).toBe('1.x.1');
  });

  test('have the name in their names, if there is one', () => {
    expect(buildCookieNames('')).toEqual({
      session: '__Host-one-login-session',
      browser: '__Host-one-login-browser',
      rounds: '__Host-one-login-rounds',
    });
    expect(buildCookieNames('licences')).toEqual({
      session: '__Host-one-login-licences-session',
      browser: '__Host-one-login-licences-browser',
      rounds: '__Host-one-login-licences-rounds',
    });
  });
});
