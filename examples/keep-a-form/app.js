/** A service with a form that survives a forced sign-in. Start it with `npm start`. */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import express from 'express';
import { createMiddleware } from 'one-login-lambda/client';
import { createKeptForms } from './kept-forms.js';

const {
  PORT = '5000',
  ONE_LOGIN_PUBLIC_URL: publicUrl = 'http://localhost:8080/auth',
  DATABASE = ':memory:',
} = process.env;
// All instances of the service need the same secret and the same database.
const secret = process.env.SECRET_KEY || randomBytes(32);
const oneLogin = createMiddleware({ publicUrl });
const forms = createKeptForms({ secret, database: new DatabaseSync(DATABASE) });

const app = express();
app.use((_req, res, next) => {
  res.set({
    'Cache-Control': 'no-store',
    // No `form-action 'self'`: browsers would stop the way of a sent form to One Login.
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  });
  next();
});
// First, so that no other site can have a form kept.
app.use(oneLogin.refuseCrossSiteRequests);
app.use(express.urlencoded({ extended: false, limit: '100kb' }));

app.get('/', (_req, res) => res.redirect('/form'));

app.get('/form', oneLogin.requireUser, (req, res) => {
  const [{ sub }, { kept = '' }] = [oneLogin.readUser(req), req.query];
  sendForm(res, { ticket: forms.createTicket(sub), kept, ...forms.read(kept, sub) });
});

app.post('/form', oneLogin.requireUser, (req, res) => {
  const { sub } = oneLogin.readUser(req);
  const { ticket, kept, fields } = readForm(req);
  if (forms.readTicket(ticket) !== sub) {
    const link = html`<p><a href="/form">Start a new one</a></p>`;
    return sendPage(res, 403, 'Another user began this report', link);
  }
  // Here your service would check and store the report.
  forms.drop(kept, sub);
  sendPage(res, 200, 'Report received', html`<p>${fields.subject}</p>`);
});

app.use((error, req, res, _next) => {
  const { status = 500, headers = {}, code, url } = error;
  res.set(headers);
  // The session ended while the user typed, or it is unknown who is signed in.
  const id = ['login_required', 'temporarily_unavailable'].includes(code) && keepForm(req);
  if (code === 'login_required') {
    const returnTo = encodeURIComponent(`/form?kept=${id}`);
    return res.redirect(303, id ? `${publicUrl}/login?return_to=${returnTo}` : url);
  }
  if (id) {
    const text = html`<p>We have kept your report for an hour. <a href="/form?kept=${id}">Try again</a></p>`;
    return sendPage(res, status, 'Sorry, there is a problem with the service', text);
  }
  if (status >= 500) console.error(error);
  const advice = status === 413 ? 'Go back, and write at most 90,000 characters.' : 'Try again later.';
  sendPage(res, status, 'Sorry, this did not work', html`<p>${advice}</p>`);
});

app.listen(Number(PORT), 'localhost', () => console.log(`listening on http://localhost:${PORT}`));

/** @returns {string | undefined} the id of the kept form; undefined when the request has none that we made */
function keepForm(req) {
  const { ticket, kept, fields } = readForm(req);
  const sub = forms.readTicket(ticket);
  if (sub === undefined) return undefined;
  const id = forms.keep(sub, fields);
  forms.drop(kept, sub);
  return id;
}

function readForm({ body: { ticket = '', kept = '', subject = '', details = '' } = {} }) {
  const fields = { subject: String(subject), details: String(details).replaceAll('\r\n', '\n') };
  return { ticket: String(ticket), kept: String(kept), fields };
}

function sendForm(res, { ticket, kept, subject = '', details = '' }) {
  const form = html`<form method="post" action="/form">
<input type="hidden" name="ticket" value="${ticket}">
<input type="hidden" name="kept" value="${kept}">
<p><label for="subject">Subject</label> <input id="subject" name="subject" value="${subject}"></p>
<p><label for="details">What happened</label></p>
<p><textarea id="details" name="details" rows="10" cols="60">
${details}</textarea></p>
<p><button>Send</button></p>
</form>`;
  sendPage(res, 200, 'Report a problem', form);
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
