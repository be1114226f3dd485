/**
 * The accounts of a service, each with a key of its own, and which users of GOV.UK One Login open them. A `user` is what
 * `/auth/userinfo` returns, or `getUser` of the package.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

const day = 24 * 60 * 60 * 1000;
const codeLifetime = 14 * day;
const triesPerDay = 5;

const tables = `
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, reference TEXT UNIQUE, merged_into TEXT);
  CREATE TABLE IF NOT EXISTS sign_ins (sub TEXT PRIMARY KEY, account TEXT NOT NULL, email TEXT, people TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS codes (hash TEXT PRIMARY KEY, account TEXT NOT NULL, expires_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS audit (at INTEGER, event TEXT, account TEXT, done_by TEXT, detail TEXT);
  -- The data of your service.
  CREATE TABLE IF NOT EXISTS applications (id TEXT PRIMARY KEY, account TEXT NOT NULL);`;

/**
 * @param {object} options
 * @param {import('node:sqlite').DatabaseSync} options.database
 * @param {() => number} [options.now] milliseconds since 1970
 */
export function createAccounts({ database, now = Date.now }) {
  database.exec(tables);
  const all = (sql, ...values) => database.prepare(sql).all(...values);
  const one = (sql, ...values) => all(sql, ...values)[0];
  const run = (sql, ...values) => database.prepare(sql).run(...values);
  const record = (event, account, by, detail = {}) =>
    run('INSERT INTO audit VALUES (?, ?, ?, ?, ?)', now(), event, account, by, JSON.stringify(detail));

  /** Nothing of it happens, or all. Another tab or instance waits until it is done. */
  function inTransaction(work) {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  const findAccount = (sub) => one('SELECT account FROM sign_ins WHERE sub = ?', sub)?.account;
  const isOpen = (id) =>
    one('SELECT id FROM accounts WHERE id = ? AND merged_into IS NULL', id) !== undefined;

  /** The accounts that may be the user's: their number is known, or a person with this email address used them. */
  const listCandidates = (user, reference) =>
    reference === undefined
      ? all('SELECT DISTINCT account AS id FROM sign_ins WHERE email = ?', readEmail(user))
      : all('SELECT coalesce(merged_into, id) AS id FROM accounts WHERE reference = ?', reference);

  const isOfSamePerson = (id, people) =>
    all('SELECT people FROM sign_ins WHERE account = ?', id)
      .flatMap((row) => JSON.parse(row.people))
      .some((person) => people.includes(person));

  /** The code that a letter contained, which can be used once. */
  function useCode(code) {
    const id = one('SELECT account FROM codes WHERE hash = ? AND expires_at > ?', hash(code), now())?.account;
    run('DELETE FROM codes WHERE hash = ?', hash(code));
    return id === undefined ? [] : [{ id }];
  }

  function merge(from, into, by) {
    if (from === into || !isOpen(from) || !isOpen(into)) throw new Error('these accounts cannot be merged');
    const notify = all('SELECT email FROM sign_ins WHERE account = ?', into).flatMap(
      ({ email }) => email ?? [],
    );
    const signIns = all('SELECT sub FROM sign_ins WHERE account = ?', from).map(({ sub }) => sub);
    const applications = all('SELECT id FROM applications WHERE account = ?', from).map(({ id }) => id);
    for (const table of ['sign_ins', 'applications', 'codes']) {
      run(`UPDATE ${table} SET account = ? WHERE account = ?`, into, from);
    }
    run('UPDATE accounts SET merged_into = ? WHERE id = ? OR merged_into = ?', into, from, from);
    record('merged', into, by, { from, signIns, applications });
    return { kind: 'linked', account: into, notify };
  }

  return {
    /**
     * Finds the user's account, or creates one. Call it for each request of a user.
     *
     * @returns {{ kind: 'known' | 'created', account: string }} ask a new user whether they have used the service before
     */
    signIn(user) {
      return inTransaction(() => {
        const known = findAccount(user.sub);
        const account = known ?? randomUUID();
        if (known === undefined) {
          run('INSERT INTO accounts (id) VALUES (?)', account);
          run("INSERT INTO sign_ins VALUES (?, ?, NULL, '[]')", user.sub, account);
          record('created', account, user.sub);
        }
        run('UPDATE sign_ins SET email = ? WHERE sub = ?', readEmail(user), user.sub);
        const people = JSON.stringify(listPeople(user));
        if (people !== '[]') run('UPDATE sign_ins SET people = ? WHERE sub = ?', people, user.sub);
        return { kind: known === undefined ? 'created' : 'known', account };
      });
    },

    /**
     * Gives a signed-in user their earlier account. It needs a proof: an identity proved at P2 that is the one of that
     * account, or a code from a letter. An email address alone is none: it may have got another owner.
     *
     * @param {{ reference?: string, code?: string }} [proof] the number of the account, if the user has it
     * @returns {{ kind: 'linked', account: string, notify: string[] } | { kind: 'identity_needed' | 'not_found' |
     *   'too_many_tries' }} write to the addresses in `notify` that a sign-in was linked to the account
     */
    findEarlier(user, { reference, code } = {}) {
      return inTransaction(() => {
        const own = findAccount(user.sub);
        const failed =
          "SELECT count(*) AS count FROM audit WHERE event = 'not_found' AND done_by = ? AND at > ?";
        if (one(failed, user.sub, now() - day).count >= triesPerDay) return { kind: 'too_many_tries' };
        const people = listPeople(user);
        if (code === undefined && people.length === 0) return { kind: 'identity_needed' };
        const found =
          code === undefined
            ? listCandidates(user, reference).filter(({ id }) => isOfSamePerson(id, people))
            : useCode(code);
        const [earlier, ...others] = found.filter(({ id }) => id !== own);
        if (earlier !== undefined && others.length === 0) return merge(own, earlier.id, user.sub);
        record('not_found', own, user.sub, { reference });
        return { kind: 'not_found' };
      });
    },

    /** @returns {string} a code for a letter to the address that the service has had for the account all along */
    createCode(account, by) {
      const code = randomBytes(10).toString('hex');
      run('INSERT INTO codes VALUES (?, ?, ?)', hash(code), account, now() + codeLifetime);
      record('code_created', account, by);
      return code;
    },

    /** For staff: makes one account of two. @throws Error when one of them is merged already */
    merge: (from, into, by) => inTransaction(() => merge(from, into, by)),

    /** From now on this user of One Login does not open the account. Their next sign-in creates a new one. */
    unlink(account, sub, by) {
      return inTransaction(() => {
        if (findAccount(sub) !== account) throw new Error('this user does not open the account');
        const { count } = one('SELECT count(*) AS count FROM sign_ins WHERE account = ?', account);
        if (count === 1) return { kind: 'last_sign_in' };
        run('DELETE FROM sign_ins WHERE sub = ?', sub);
        record('unlinked', account, by, { sub });
        return { kind: 'unlinked' };
      });
    },

    /** @returns {string} the account that an old address or letter means now */
    resolve: (id) => one('SELECT merged_into FROM accounts WHERE id = ?', id)?.merged_into ?? id,
  };
}

function hash(text) {
  return createHash('sha256').update(text.trim().toLowerCase()).digest('hex');
}

function readEmail({ email, email_verified: verified }) {
  return email !== undefined && verified ? email.toLowerCase() : null;
}

/** Every name, current or former, with every birth date of a proved identity. */
function listPeople({ identity: { outcome, vot, names = [], birth_dates: birthDates = [] } }) {
  if (outcome !== 'proved' || vot !== 'P2') return [];
  const normalise = (name) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return names.flatMap((name) => birthDates.map((date) => `${date} ${normalise(name.full_name)}`));
}
