/** A service whose users sign in with GOV.UK One Login. Start it with `npm start`. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import process from 'node:process';
import express from 'express';
import { createMiddleware, getUser } from 'one-login-lambda/client';

const { PORT = '5000', ONE_LOGIN_PUBLIC_URL: publicUrl = 'http://localhost:8080/auth' } = process.env;
// All instances of the service need the same key.
const secret = process.env.SECRET_KEY || randomBytes(32);
const oneLogin = createMiddleware({ publicUrl });
const longestNote = 500;
const draftKey = createHash('sha256').update(secret).digest();
const draftCookie = '__Host-draft';
const draftOptions = { secure: true, httpOnly: true, sameSite: 'lax', path: '/' };

const app = express();
app.disable('x-powered-by');
app.use((_req, res, next) => {
  res.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  });
  next();
});
app.use(oneLogin.refuseCrossSiteRequests);
app.use(express.urlencoded({ extended: false, limit: '10kb' }));

app.get('/', async (req, res, next) => {
  const result = await getUser(req, { publicUrl });
  if (result.kind === 'unavailable') return next({ status: 503, headers: { 'Retry-After': '30' } });
  if (result.kind === 'signed_out') {
    for (const cookie of result.cookies) res.append('Set-Cookie', cookie);
    const signIn = html`<p><a href="${publicUrl}/login?return_to=%2F">Sign in</a></p>`;
    return sendPage(res, 200, 'Start page', html`<p>You are not signed in.</p>${signIn}`);
  }
  const { email, sub } = result.user;
  const text = html`<p>You are signed in as ${email ?? sub}.</p>
<p><a href="/account">Your account</a> <a href="/application">Your application</a> <a href="/form">Your note</a></p>
<p><a href="${publicUrl}/logout">Sign out</a></p>`;
  sendPage(res, 200, 'Start page', text);
});

app.get('/account', oneLogin.requireUser, (req, res) => {
  const { email } = oneLogin.readUser(req);
  sendPage(res, 200, 'Your account', html`<p>Your email address is ${email ?? 'unknown'}.</p>`);
});

app.get('/application', oneLogin.requireIdentity('P2'), (req, res) => {
  const { names } = oneLogin.readUser(req).identity;
  const current = names.filter((name) => !name.valid_until).map((name) => name.full_name);
  sendPage(res, 200, 'Your application', html`<p>Your name is ${current.join(', ')}.</p>`);
});

app.get('/form', oneLogin.requireUser, (req, res) => {
  const { sub } = oneLogin.readUser(req);
  const draft = openDraft(req.headers.cookie ?? '');
  // On a shared computer, the next user must not see it.
  sendForm(res, 200, sub, draft?.owner === sub ? draft.note : '');
});

app.post('/form', keepDraft, oneLogin.requireUser, (req, res) => {
  const { sub } = oneLogin.readUser(req);
  const { owner, note } = readForm(req);
  if (owner !== sub) return res.redirect(303, `${publicUrl}/login?return_to=%2Fform`);
  if (note.length > longestNote) return sendForm(res, 400, sub, note);
  res.clearCookie(draftCookie, draftOptions);
  sendPage(res, 200, 'Note received', html`<p>${note}</p>`);
});

app.use((_req, res) => sendPage(res, 404, 'Page not found', html`<p>Check the address.</p>`));

app.use((error, _req, res, _next) => {
  const { status = 500, headers = {}, code, url } = error;
  res.set(headers);
  // The session ended while the user typed. The form comes back with its text.
  if (code === 'login_required') return res.redirect(303, url);
  if (code === 'insufficient_identity') {
    // Only the user decides whether to try again.
    const text = html`<p><a href="${url}">Try again</a></p>`;
    return sendPage(res, status, 'You have not proved your identity', text);
  }
  if (status >= 500) {
    console.error(error);
    const text = html`<p>Try again in a few minutes. If you sent a form, we keep it for an hour.</p>`;
    return sendPage(res, status, 'Sorry, there is a problem with the service', text);
  }
  sendPage(res, status, 'Sorry, this did not work', html`<p>Open the form again.</p>`);
});

app.listen(Number(PORT), 'localhost', () => console.log(`listening on http://localhost:${PORT}`));

function readForm({ body: { owner = '', note = '' } = {} }) {
  return { owner: String(owner), note: String(note).replaceAll('\r\n', '\n') };
}

/** Keeps the form in a cookie, encrypted, because the session may have ended. */
function keepDraft(req, res, next) {
  const draft = readForm(req);
  if (draft.note.length <= longestNote) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', draftKey, iv);
    const sealed = Buffer.concat([
      iv,
      cipher.update(JSON.stringify(draft)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    res.cookie(draftCookie, sealed.toString('base64url'), { ...draftOptions, maxAge: 3_600_000 });
  }
  next();
}

function openDraft(cookies) {
  const [, value = ''] = new RegExp(`(?:^|;[ \t]*)${draftCookie}=([\\w-]+)`).exec(cookies) ?? [];
  try {
    const bytes = Buffer.from(value, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', draftKey, bytes.subarray(0, 12)).setAuthTag(
      bytes.subarray(-16),
    );
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString());
  } catch {
    // It was changed, or the key is another one.
    return undefined;
  }
}

function sendForm(res, status, owner, note) {
  const problem = status === 400 ? html`<p>Write at most ${longestNote} characters.</p>` : '';
  const form = html`${problem}<form method="post" action="/form">
<input type="hidden" name="owner" value="${owner}">
<p><label for="note">Note</label></p>
<p><textarea id="note" name="note" rows="5" cols="40" maxlength="${longestNote}" required>
${note}</textarea></p>
<p><button>Send</button></p>
</form>`;
  sendPage(res, status, status === 400 ? 'Error: your note' : 'Your note', form);
}

function sendPage(res, status, title, content) {
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Example service</title>
</head>
<body>
<main><h1>${title}</h1>${content}</main>
</body>
</html>`;
  res.status(status).type('html').send(page.text);
}

/** Escapes everything that is inserted, except other HTML. */
function html(literals, ...values) {
  const render = (value) => value?.text ?? String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  return { text: String.raw({ raw: literals }, ...values.map(render)) };
}
