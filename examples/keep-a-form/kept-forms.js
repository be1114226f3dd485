/** Keeps what users typed into a form until they have signed in again. The database contains nothing that can be read there. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** More would let one user fill the database. */
const mostFormsOfUser = 5;

/**
 * @param {object} options
 * @param {string | Buffer} options.secret long and random, the same for all instances of the service
 * @param {import('node:sqlite').DatabaseSync} options.database or your own database, with the same statements
 * @param {number} [options.lifetime] how long a form is kept, in milliseconds
 * @param {() => number} [options.now] milliseconds since 1970
 */
export function createKeptForms({ secret, database, lifetime = 3_600_000, now = Date.now }) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'kept forms', 32));
  const hashOwner = (sub) => createHmac('sha256', key).update(sub).digest('base64url');
  database.exec(`CREATE TABLE IF NOT EXISTS kept_forms
    (id TEXT PRIMARY KEY, owner TEXT NOT NULL, expires_at INTEGER NOT NULL, sealed BLOB NOT NULL)`);

  return {
    /** @returns {string} for a hidden field of the form: who it was made for, protected against changes */
    createTicket: (sub) => seal(sub, key, 'ticket').toString('base64url'),

    /** @returns {string | undefined} the user's `sub`; undefined when the ticket is not one of ours */
    readTicket: (ticket) => open(Buffer.from(String(ticket), 'base64url'), key, 'ticket'),

    /** @returns {string} the id, for the address of the form. It is of no use to other users */
    keep(sub, fields) {
      const [id, owner, expiresAt] = [
        randomBytes(16).toString('base64url'),
        hashOwner(sub),
        now() + lifetime,
      ];
      const sealed = seal(JSON.stringify(fields), key, `${id} ${owner} ${expiresAt}`);
      database.prepare('INSERT INTO kept_forms VALUES (?, ?, ?, ?)').run(id, owner, expiresAt, sealed);
      const tidy = `DELETE FROM kept_forms WHERE expires_at <= ? OR (owner = ? AND id NOT IN
        (SELECT id FROM kept_forms WHERE owner = ? ORDER BY rowid DESC LIMIT ${mostFormsOfUser}))`;
      database.prepare(tidy).run(now(), owner, owner);
      return id;
    },

    /**
     * @returns {Record<string, string> | undefined} the fields; undefined when nothing is kept under this id. What another
     * user left on a shared computer is deleted
     */
    read(id, sub) {
      const row = database.prepare('SELECT * FROM kept_forms WHERE id = ?').get(String(id));
      if (row === undefined || row.expires_at <= now()) return undefined;
      const text = open(row.sealed, key, `${id} ${hashOwner(sub)} ${row.expires_at}`);
      if (text === undefined) database.prepare('DELETE FROM kept_forms WHERE id = ?').run(String(id));
      return text && JSON.parse(text);
    },

    /** Deletes a form that the user has sent. */
    drop(id, sub) {
      database.prepare('DELETE FROM kept_forms WHERE id = ? AND owner = ?').run(String(id), hashOwner(sub));
    },
  };
}

function seal(text, key, about) {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about));
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @returns undefined when it was changed, or the key is another one */
function open(sealed, key, about) {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}
