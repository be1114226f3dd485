/** A service with GOV.UK One Login. Start it, and put sign-in in front: `npx one-login local --service http://localhost:5000` */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import process from 'node:process';
import express from 'express';
import { createMiddleware, getUser } from 'one-login-lambda/client';

const { PORT = '5000', ONE_LOGIN_PUBLIC_URL: publicUrl = 'http://localhost:8080/auth' } = process.env;
const oneLogin = createMiddleware({ publicUrl });
const longestNote = 500;
const draftCookie = '__Host-draft';
const draftOptions = { secure: true, httpOnly: true, sameSite: 'lax', path: '/' };
/** Keep a key of your own where several instances, and the next start, can read it. */
const draftKey = randomBytes(32);

const app = express();
app.disable('x-powered-by');
app.use(express.urlencoded({ extended: false, limit: '10kb' }));
app.use(oneLogin.refuseCrossSiteRequests);

app.get('/', async (req, res, next) => {
  const result = await getUser(req, { publicUrl });
  if (result.kind === 'unavailable') return next({ status: 503, headers: { 'Retry-After': '30' } });
  const who =
    result.kind === 'signed_in'
      ? html`<p>You are signed in as ${result.user.email ?? result.user.sub}.</p>
          <p><a href="/auth/logout">Sign out</a></p>`
      : html`<p><a href="/auth/login?return_to=/account">Sign in</a></p>`;
  sendPage(res, 200, 'Start page', who);
});

app.get('/account', oneLogin.requireUser, (req, res) => {
  const { email, sub } = oneLogin.readUser(req);
  sendPage(res, 200, 'Your account', html`<p>Email: ${email ?? 'none'}</p><p>Your key: ${sub}</p>`);
});

app.get('/application', oneLogin.requireIdentity('P2'), (req, res) => {
  const [name] = oneLogin.readUser(req).identity.names;
  sendPage(res, 200, 'Your application', html`<p>Name: ${name?.full_name ?? ''}</p>`);
});

app.get('/form', oneLogin.requireUser, (req, res) => {
  const { sub } = oneLogin.readUser(req);
  const draft = openDraft(req.headers.cookie ?? '');
  res.clearCookie(draftCookie, draftOptions);
  // On a shared computer, the next user must not see it.
  sendForm(res, 200, sub, draft?.owner === sub ? draft.note : '');
});

app.post('/form', async (req, res, next) => {
  const { note = '', owner = '' } = req.body ?? {};
  const result = await getUser(req, { publicUrl });
  if (result.kind === 'unavailable') return next({ status: 503, headers: { 'Retry-After': '30' } });
  if (result.kind === 'signed_out') {
    // The session ended while the user typed. The form comes back with its text after they sign in.
    for (const cookie of result.cookies) res.append('Set-Cookie', cookie);
    if (String(note).length <= longestNote) {
      const draft = { owner: String(owner), note: String(note) };
      res.cookie(draftCookie, sealDraft(draft), { ...draftOptions, maxAge: 7_200_000 });
    }
    return res.redirect(303, `${publicUrl}/login?return_to=/form`);
  }
  if (String(note).length > longestNote) return sendForm(res, 400, result.user.sub, String(note));
  sendPage(res, 200, 'Note received', html`<p>${String(note)}</p>`);
});

app.use((_req, res) => sendPage(res, 404, 'Page not found', html`<p>Check the address.</p>`));

app.use((error, _req, res, _next) => {
  const { status = 500, headers = {} } = error;
  res.set(headers);
  if (status === 503) {
    const text = html`<p>We cannot find out whether you are signed in. Try again in a minute.</p>`;
    return sendPage(res, 503, 'Sorry, there is a problem with the service', text);
  }
  if (status >= 500) console.error(error);
  sendPage(res, status, 'Sorry, this did not work', html`<p><a href="/">Go to the start page</a></p>`);
});

app.listen(Number(PORT), 'localhost', () => console.log(`listening on http://localhost:${PORT}`));

/** Encrypts the text, so that nobody reads it in the browser. */
function sealDraft(draft) {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', draftKey, iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(draft)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

function openDraft(cookies) {
  const value = new RegExp(`(?:^|;[ \t]*)${draftCookie}=([\\w-]+)`).exec(cookies)?.[1];
  if (value === undefined) return undefined;
  try {
    const bytes = Buffer.from(value, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', draftKey, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString());
  } catch {
    return undefined;
  }
}

function sendForm(res, status, owner, note) {
  const problem = status === 400 ? html`<p id="problem">Write at most ${longestNote} characters.</p>` : '';
  const form = html`${problem}<form method="post" action="/form">
      <input type="hidden" name="owner" value="${owner}" />
      <label for="note">Note</label>
      <textarea id="note" name="note" rows="5" maxlength="${longestNote}">${note}</textarea>
      <button>Send</button>
    </form>`;
  sendPage(res, status, status === 400 ? 'Error: your note' : 'Your note', form);
}

function sendPage(res, status, title, content) {
  const page = html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Example service</title>
      </head>
      <body>
        <main><h1>${title}</h1>${content}</main>
      </body>
    </html>`;
  res.status(status).set('Cache-Control', 'no-store').type('html').send(page.text);
}

/** Escapes everything that is inserted, except other HTML. */
function html(literals, ...values) {
  const render = (value) => value?.text ?? String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  return { text: String.raw({ raw: literals }, ...values.map(render)) };
}
