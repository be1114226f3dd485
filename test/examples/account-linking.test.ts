import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Service, startService } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';

const day = 24 * 60 * 60 * 1000;
const module = new URL('../../examples/account-linking/accounts.js', import.meta.url).href;
const { createAccounts } = await import(module);

const birthDates = ['1985-03-11'];
const proved = (...names: readonly string[]) => ({
  outcome: 'proved',
  vot: 'P2',
  names: names.map((name) => ({ full_name: name })),
  birth_dates: birthDates,
});
const mary = {
  sub: 'mary',
  email: 'mary@example.com',
  email_verified: true,
  identity: proved('Mary Ann Lee'),
};
/** The same person with a new GOV.UK One Login. */
const maryAgain = { ...mary, sub: 'mary-again' };
const withoutIdentity = { identity: { outcome: 'not_requested' } };

let database: DatabaseSync;
let now: number;
let accounts: ReturnType<typeof createAccounts>;
beforeEach(() => {
  now = Date.parse('2026-06-01T12:00:00Z');
  database = new DatabaseSync(':memory:');
  accounts = createAccounts({ database, now: () => now });
});

const signIn = (user: object): string => accounts.signIn(user).account;
const count = (table: string) => database.prepare(`SELECT * FROM ${table}`).all().length;
const listEvents = () =>
  database
    .prepare('SELECT event FROM audit')
    .all()
    .map(({ event }) => event);
const readAudit = (event: string) => database.prepare('SELECT * FROM audit WHERE event = ?').get(event);
const apply = (id: string, account: string) =>
  database.prepare('INSERT INTO applications VALUES (?, ?)').run(id, account);
const listApplications = (account: string) =>
  database
    .prepare('SELECT id FROM applications WHERE account = ?')
    .all(account)
    .map(({ id }) => id);

describe('a first sign-in', () => {
  test('creates an account with a key of its own, and each later one finds it', () => {
    const { kind, account } = accounts.signIn(mary);
    expect([kind, account]).toEqual(['created', expect.not.stringContaining('mary')]);
    expect(accounts.signIn({ ...mary, email: 'new@example.com' })).toEqual({ kind: 'known', account });
    expect(listEvents()).toEqual(['created']);
  });

  test('in eight tabs at once creates one account', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'account-linking-'));
    const path = join(directory, 'accounts.db');
    const open = `const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const accounts = import(${JSON.stringify(module)}).then(({ createAccounts }) =>
        createAccounts({ database: new DatabaseSync(${JSON.stringify(path)}) }));
      const { parentPort } = process.getBuiltinModule('node:worker_threads');
      accounts.then((ready) => {
        parentPort.on('message', (user) => parentPort.postMessage(ready.signIn(user)));
        parentPort.postMessage('ready');
      });`;
    const workers = Array.from({ length: 8 }, () => new Worker(open, { eval: true }));
    const answer = (worker: Worker) =>
      new Promise<{ kind: string; account: string }>((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
      });
    await Promise.all(workers.map(answer));
    const answers = workers.map(answer);
    for (const worker of workers) worker.postMessage(mary);
    const results = await Promise.all(answers);
    for (const worker of workers) await worker.terminate();

    expect(new Set(results.map(({ account }) => account)).size).toBe(1);
    expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    const shared = new DatabaseSync(path);
    expect(shared.prepare('SELECT * FROM accounts').all()).toHaveLength(1);
    shared.close();
    rmSync(directory, { recursive: true });
  });
});

describe('a user with a new GOV.UK One Login', () => {
  test('has a new account at first, also with an email address that is known', () => {
    const earlier = signIn(mary);
    const { kind, account } = accounts.signIn({ ...maryAgain, ...withoutIdentity });
    expect(kind).toBe('created');
    expect(account).not.toBe(earlier);
  });

  test('gets the earlier account when the email address and the proved identity are the same', () => {
    const earlier = signIn(mary);
    apply('a', earlier);
    const later = signIn(maryAgain);
    apply('b', later);
    expect(accounts.findEarlier(maryAgain)).toEqual({
      kind: 'linked',
      account: earlier,
      notify: [mary.email],
    });
    expect(accounts.signIn(maryAgain)).toEqual({ kind: 'known', account: earlier });
    expect(listApplications(earlier)).toEqual(['a', 'b']);
    expect(accounts.resolve(later)).toBe(earlier);
    expect(readAudit('merged')).toMatchObject({ account: earlier, done_by: 'mary-again', at: now });
    expect(JSON.parse(String(readAudit('merged')?.['detail']))).toEqual({
      from: later,
      signIns: ['mary-again'],
      applications: ['b'],
    });
  });

  test('gets the earlier account by its number when the email address is another', () => {
    const earlier = signIn(mary);
    database.prepare('UPDATE accounts SET reference = ?').run('LIC-1');
    const user = { ...maryAgain, email: 'other@example.com' };
    signIn(user);
    expect(accounts.findEarlier(user)).toEqual({ kind: 'not_found' });
    expect(accounts.findEarlier(user, { reference: 'LIC-1' })).toMatchObject({ account: earlier });
  });

  test.each([
    ['in other letters', proved('MARY  ANN LEE')],
    ['as a former name', proved('Mary Ann Shaw', 'Mary Ann Lee')],
  ])('is the same person when the name is %s', (_, identity) => {
    signIn(mary);
    signIn({ ...maryAgain, identity });
    expect(accounts.findEarlier({ ...maryAgain, identity })).toMatchObject({ kind: 'linked' });
  });

  test.each([
    ['has the email address of another person', { identity: proved('Ann Green') }],
    ['was born on another day', { identity: { ...proved('Mary Ann Lee'), birth_dates: ['1985-03-12'] } }],
    ['has an address that is not verified', { email_verified: false }],
    ['has another email address', { email: 'other@example.com' }],
  ])('gets no account when they or the account %s', (_, changes) => {
    const earlier = signIn(mary);
    const user = { ...maryAgain, ...changes };
    const own = signIn(user);
    expect(accounts.findEarlier(user)).toEqual({ kind: 'not_found' });
    expect([signIn(mary), signIn(user)]).toEqual([earlier, own]);
    expect(listEvents()).toEqual(['created', 'created', 'not_found']);
  });

  test.each([
    ['no identity', withoutIdentity],
    ['an identity at P1', { identity: { ...proved('Mary Ann Lee'), vot: 'P1' } }],
    ['an identity that was not proved', { identity: { ...proved('Mary Ann Lee'), outcome: 'not_proved' } }],
  ])('has to prove their identity with %s', (_, changes) => {
    signIn(mary);
    signIn({ ...maryAgain, ...changes });
    expect(accounts.findEarlier({ ...maryAgain, ...changes })).toEqual({ kind: 'identity_needed' });
  });

  test('gets no account by a number whose owner they are not', () => {
    signIn(mary);
    database.prepare('UPDATE accounts SET reference = ?').run('LIC-1');
    const user = { sub: 'thief', identity: proved('Ann Green') };
    signIn(user);
    expect(accounts.findEarlier(user, { reference: 'LIC-1' })).toEqual({ kind: 'not_found' });
  });

  test('gets no account when two could be theirs, until they give the number of one', () => {
    const [one] = [signIn(mary), signIn({ ...mary, sub: 'mary-twice' })];
    database.prepare('UPDATE accounts SET reference = ? WHERE id = ?').run('LIC-1', one);
    signIn(maryAgain);
    expect(accounts.findEarlier(maryAgain)).toEqual({ kind: 'not_found' });
    expect(accounts.findEarlier(maryAgain, { reference: 'LIC-1' })).toMatchObject({ account: one });
  });

  test('has five tries a day', () => {
    signIn(mary);
    const user = { ...maryAgain, identity: proved('Ann Green') };
    signIn(user);
    for (let tries = 0; tries < 5; tries += 1) expect(accounts.findEarlier(user).kind).toBe('not_found');
    expect(accounts.findEarlier(user)).toEqual({ kind: 'too_many_tries' });
    now += day;
    expect(accounts.findEarlier(user).kind).toBe('not_found');
  });

  test('gets the earlier account by a code from a letter, once and for 14 days', () => {
    const earlier = signIn({ ...mary, ...withoutIdentity });
    const user = { ...maryAgain, ...withoutIdentity };
    signIn(user);
    const late = accounts.createCode(earlier, 'staff:ann');
    now += 14 * day;
    expect(accounts.findEarlier(user, { code: late })).toEqual({ kind: 'not_found' });
    const code = accounts.createCode(earlier, 'staff:ann');
    expect(JSON.stringify(database.prepare('SELECT * FROM codes').all())).not.toContain(code);
    expect(accounts.findEarlier(user, { code: ` ${code.toUpperCase()}` })).toMatchObject({
      account: earlier,
    });
    const other = { sub: 'thief', ...withoutIdentity };
    signIn(other);
    expect(accounts.findEarlier(other, { code })).toEqual({ kind: 'not_found' });
    expect(readAudit('code_created')).toMatchObject({ account: earlier, done_by: 'staff:ann' });
  });
});

describe('two accounts', () => {
  test('are merged by staff, and an old address leads on, also after a second merge', () => {
    const [a, b, c] = [signIn(mary), signIn(maryAgain), signIn({ ...mary, sub: 'mary-third' })];
    for (const account of [a, b, c]) apply(account, account);
    accounts.merge(a, b, 'staff:ann');
    accounts.merge(b, c, 'staff:ann');
    expect([a, b, c].map(accounts.resolve)).toEqual([c, c, c]);
    expect([signIn(mary), signIn(maryAgain)]).toEqual([c, c]);
    expect(listApplications(c)).toHaveLength(3);
  });

  test.each([
    ['is merged already', (a: string, b: string) => [a, b]],
    ['is the other one', (_: string, b: string) => [b, b]],
    ['is the target of a merged one', (a: string, b: string) => [b, a]],
    ['does not exist', (_: string, b: string) => ['none', b]],
  ])('are not merged when one %s, and nothing changes', (_, choose) => {
    const [a, b] = [signIn(mary), signIn(maryAgain)];
    accounts.merge(a, b, 'staff:ann');
    const before = database.prepare('SELECT * FROM audit').all();
    const [from, into] = choose(a, b);
    expect(() => accounts.merge(from, into, 'staff:ann')).toThrow('these accounts cannot be merged');
    expect(database.prepare('SELECT * FROM audit').all()).toEqual(before);
    expect(signIn(mary)).toBe(b);
  });

  test('stay as they were when a merge fails half way', () => {
    const [a, b] = [signIn(mary), signIn(maryAgain)];
    apply('x', a);
    database.exec(
      "CREATE TRIGGER broken BEFORE UPDATE ON applications BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    expect(() => accounts.merge(a, b, 'staff:ann')).toThrow('broken');
    expect([signIn(mary), signIn(maryAgain)]).toEqual([a, b]);
  });
});

describe('a user who is unlinked', () => {
  test('gets a new account at their next sign-in, and the data stays', () => {
    const earlier = signIn(mary);
    apply('a', earlier);
    signIn(maryAgain);
    accounts.findEarlier(maryAgain);
    expect(accounts.unlink(earlier, 'mary-again', 'mary')).toEqual({ kind: 'unlinked' });
    expect(accounts.signIn(maryAgain).kind).toBe('created');
    expect(accounts.signIn(mary)).toEqual({ kind: 'known', account: earlier });
    expect(listApplications(earlier)).toEqual(['a']);
    expect(readAudit('unlinked')).toMatchObject({
      account: earlier,
      done_by: 'mary',
      detail: '{"sub":"mary-again"}',
    });
  });

  test('is not the last one who opens the account', () => {
    const account = signIn(mary);
    expect(accounts.unlink(account, 'mary', 'mary')).toEqual({ kind: 'last_sign_in' });
    expect(signIn(mary)).toBe(account);
  });

  test('is one who opens that account', () => {
    const account = signIn(mary);
    signIn(maryAgain);
    expect(() => accounts.unlink(account, 'mary-again', 'mary')).toThrow('does not open the account');
    expect(count('sign_ins')).toBe(2);
  });
});

describe('a user who deletes their GOV.UK One Login and creates another', () => {
  let service: Service;
  afterAll(() => service?.close());

  test('finds the earlier account by proving their identity', async () => {
    service = await startService();
    const proveIdentity = async () => {
      const browser = new WebBrowser();
      await service.signIn(browser, '/auth/prove-identity');
      return (await service.userinfo(browser)).body;
    };
    const account = signIn(await proveIdentity());
    const maria = service.standIn.people.find(({ id }) => id === 'maria');
    if (maria === undefined) throw new Error('the stand-in has no Maria');
    service.standIn.addPerson({ ...maria, sub: 'urn:fdc:gov.uk:2022:another' });
    const user = await proveIdentity();
    expect(user['sub']).toBe('urn:fdc:gov.uk:2022:another');
    expect(accounts.signIn(user).kind).toBe('created');
    expect(accounts.findEarlier(user)).toMatchObject({ kind: 'linked', account });
  });
});

describe('the messages', () => {
  test('are there in both languages for each result that a user sees', async () => {
    const { messages } = await import(new URL('messages.js', module).href);
    const kinds = [
      'created',
      'identity_needed',
      'linked',
      'not_found',
      'too_many_tries',
      'unlinked',
      'last_sign_in',
    ];
    expect(Object.keys(messages)).toEqual([...kinds, 'notify']);
    for (const { en, cy } of Object.values<Record<string, string>>(messages)) {
      expect([en, cy]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
      expect(cy).not.toBe(en);
    }
  });
});
