import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  findFreePort,
  locateStarter,
  prepareStarter,
  type RunningStarter,
  type Starter,
  starters,
  startStarter,
} from '../starters/starters.ts';
import { browserIsThere, launchBrowser, startTimeout } from '../support/chromium.ts';
import { decodeHtml } from '../support/html.ts';
import { collectText } from '../support/leaks.ts';
import { choose } from '../support/pages/visit.ts';
import { chooseAtStandIn, type Service, startService } from '../support/service.ts';
import { type Page, readHeading, WebBrowser } from '../support/web-browser.ts';

const example: Starter = { ...(starters[0] as Starter), name: 'Keep a form', directory: 'keep-a-form' };
const typed = { subject: 'A "gate" & <b>', details: 'Two lines,\n<b title="x">each & every</b> ’ é' };
const nothing = { subject: '', details: '' };
const longest = { subject: 'Long', details: 'ŵ'.repeat(15_000) };

const module = new URL('../../examples/keep-a-form/kept-forms.js', import.meta.url);
const { createKeptForms } = await import(module.href);

let service: Service;
let app: RunningStarter;
let database: DatabaseSync;
const directory = mkdtempSync(join(tmpdir(), 'keep-a-form-'));

beforeAll(async () => {
  const prepared = await prepareStarter(example);
  if ('missing' in prepared) throw new Error(prepared.missing);
  const port = await findFreePort();
  service = await startService({ service: `http://localhost:${port}` });
  const path = join(directory, 'forms.db');
  app = await startStarter(example, prepared.directory, {
    port,
    publicUrl: service.publicUrl,
    // As a deployment has it that names the variable and has no value for it.
    environment: { DATABASE: path, NODE_NO_WARNINGS: '1', SECRET_KEY: '' },
  });
  database = new DatabaseSync(path);
}, 120_000);

afterAll(async () => {
  database?.close();
  await app?.close();
  await service?.close();
  rmSync(directory, { recursive: true });
});

afterEach(async () => {
  await service.standIn.backchannelLogoutsSettled();
  service.standIn.reset();
  database.exec('DELETE FROM kept_forms');
});

const countKept = () => database.prepare('SELECT * FROM kept_forms').all().length;
const endSessions = () => service.updateSessions('SET idle_expires_at = :past', { ':past': { N: '1' } });
const readAddress = ({ url }: Page) => url.href.replace(service.url, '');
const readSub = (id: string) => service.standIn.people.find((person) => person.id === id)?.sub ?? '';

/** What the fields of the form contain. A line feed after the tag is not part of it. */
function readFields({ body }: Page) {
  const [, subject = ''] = /name="subject" value="([^"]*)"/.exec(body) ?? [];
  const [, details = ''] = /<textarea[^>]*>\n(.*?)<\/textarea>/s.exec(body) ?? [];
  return { subject: decodeHtml(subject), details: decodeHtml(details) };
}

/** Signs in and opens the form. */
async function openForm(browser: WebBrowser, person = 'maria'): Promise<Page> {
  await service.signIn(browser, '/auth/login', { person });
  return browser.open(`${service.url}/form`);
}

/** Browsers send line breaks of forms as CR LF. */
const send = (browser: WebBrowser, form: Page, fields = typed, options = {}) =>
  browser.submit(form, { ...fields, details: fields.details.replaceAll('\n', '\r\n') }, options);

/** The user signs out of One Login while they type, which ends their session. @returns the page on which they sign in again */
async function sendTooLate(browser: WebBrowser, fields = typed): Promise<Page> {
  const form = await openForm(browser);
  await browser.open(`${service.standIn.url}/logout`);
  await service.standIn.backchannelLogoutsSettled();
  return send(browser, form, fields);
}

describe('a form that is sent when the session has ended', () => {
  test('comes back filled in when the user is still signed in at One Login, and can be sent', async () => {
    const browser = new WebBrowser();
    const form = await openForm(browser);
    await endSessions();

    const back = await send(browser, form);
    expect(back.answers.map(({ url }) => url.origin)).toContain(service.standIn.url);
    expect(readAddress(back)).toMatch(/^\/form\?kept=[\w-]{22}$/);
    expect(back.body).not.toContain('<b ');
    expect(readFields(back)).toEqual(typed);

    const sent = await send(browser, back, { ...typed, subject: 'Better' });
    expect([readHeading(sent), sent.body]).toEqual(['Report received', expect.stringContaining('Better')]);
    expect(countKept()).toBe(0);
    expect(readFields(await browser.open(back.url))).toEqual(nothing);
  });

  test('comes back filled in after a sign-out elsewhere, also when the page is loaded again', async () => {
    const browser = new WebBrowser();
    const atOneLogin = await sendTooLate(browser);
    const back = await chooseAtStandIn(browser, atOneLogin);
    expect(readFields(back)).toEqual(typed);
    expect(readFields(await browser.open(back.url))).toEqual(typed);
  });

  test('comes back when the session ends once more, and is kept once', async () => {
    const browser = new WebBrowser();
    const back = await chooseAtStandIn(browser, await sendTooLate(browser));
    await endSessions();
    const again = await send(browser, back, { ...typed, subject: 'Second try' });
    expect(readFields(again)).toEqual({ ...typed, subject: 'Second try' });
    expect(countKept()).toBe(1);
  });

  test('comes back in each of two tabs', async () => {
    const browser = new WebBrowser();
    const one = await openForm(browser);
    const two = await browser.open(one.url);
    await endSessions();
    expect(readFields(await send(browser, one, { ...typed, subject: 'One' }))).toMatchObject({
      subject: 'One',
    });
    await endSessions();
    expect(readFields(await send(browser, two, { ...typed, subject: 'Two' }))).toMatchObject({
      subject: 'Two',
    });
  });

  test('is not shown to another user of the browser, and is dropped', async () => {
    const browser = new WebBrowser();
    const atOneLogin = await sendTooLate(browser);
    expect(countKept()).toBe(1);
    const id = String(database.prepare('SELECT id FROM kept_forms').get()?.['id']);
    const form = await chooseAtStandIn(browser, atOneLogin, { person: 'tomos' });
    expect([readAddress(form), readFields(form)]).toEqual(['/form', nothing]);
    // The address is in the history of the browser.
    expect(readFields(await browser.open(`${service.url}/form?kept=${id}`))).toEqual(nothing);
    expect(countKept()).toBe(0);
  });

  test('is not sent in the name of another user who signed in meanwhile', async () => {
    const browser = new WebBrowser();
    const form = await openForm(browser);
    await browser.goFrom(form, '/auth/logout');
    await service.standIn.backchannelLogoutsSettled();
    await openForm(browser, 'tomos');
    const page = await send(browser, form);
    expect([page.status, readHeading(page)]).toEqual([403, 'Another user began this report']);
    expect(countKept()).toBe(0);
  });

  test('is forgotten after an hour', async () => {
    const browser = new WebBrowser();
    const back = await chooseAtStandIn(browser, await sendTooLate(browser));
    const left =
      Number(database.prepare('SELECT expires_at FROM kept_forms').get()?.['expires_at']) - Date.now();
    expect([left > 3_500_000, left <= 3_600_000]).toEqual([true, true]);
    database.exec('UPDATE kept_forms SET expires_at = 1');
    expect(readFields(await browser.open(back.url))).toEqual(nothing);

    let now = 0;
    const forms = createKeptForms({ secret: 'test', database: new DatabaseSync(':memory:'), now: () => now });
    const id = forms.keep('maria', typed);
    now = 3_599_999;
    expect(forms.read(id, 'maria')).toEqual(typed);
    now = 3_600_000;
    expect(forms.read(id, 'maria')).toBeUndefined();
  });

  test.each([
    ['contents', 'UPDATE kept_forms SET sealed = zeroblob(100)'],
    ['expiry', 'UPDATE kept_forms SET expires_at = expires_at + 1'],
    ['contents that are too short', 'UPDATE kept_forms SET sealed = zeroblob(3)'],
  ])('is ignored when its %s was changed in the database', async (_, statement) => {
    const browser = new WebBrowser();
    const back = await chooseAtStandIn(browser, await sendTooLate(browser));
    database.exec(statement);
    const form = await browser.open(back.url);
    expect([form.status, readFields(form)]).toEqual([200, nothing]);
  });

  test('is kept so that the database shows neither its text nor its user', async () => {
    await sendTooLate(new WebBrowser(), { subject: 'A secret', details: 'Nobody reads this' });
    const rows = database.prepare('SELECT * FROM kept_forms').all();
    const text = collectText(rows.map((row) => ({ ...row })));
    expect(rows).toHaveLength(1);
    for (const secret of ['secret', 'Nobody', readSub('maria')]) expect(text).not.toContain(secret);
  });

  test('is kept when it is much longer than a cookie, and refused when it is too long', async () => {
    const browser = new WebBrowser();
    const back = await chooseAtStandIn(browser, await sendTooLate(browser, longest));
    expect(readFields(back)).toEqual(longest);
    const page = await send(browser, back, { ...typed, details: 'x'.repeat(110_000) });
    expect([page.status, page.body]).toEqual([413, expect.stringContaining('at most 90,000 characters')]);
  });

  test('is kept while it is unknown who is signed in', async () => {
    const browser = new WebBrowser();
    const form = await openForm(browser);
    const error = { status: 500, type: 'InternalServerError', message: 'test' };
    const end = service.dynamodb.injectFault({ error });
    const page = await send(browser, form);
    end();
    expect([page.status, readHeading(page)]).toEqual([503, 'Sorry, there is a problem with the service']);
    expect(readFields(await browser.follow(page, 'Try again'))).toEqual(typed);
  });

  test('is refused and not kept when another site sends it', async () => {
    const browser = new WebBrowser();
    const form = await openForm(browser);
    await endSessions();
    for (const site of ['cross-site', 'same-site']) {
      const page = await send(browser, form, typed, { headers: { 'sec-fetch-site': site } });
      expect(page.status).toBe(403);
    }
    expect(countKept()).toBe(0);
  });

  test.each(['', 'made-up', 'A'.repeat(80)])(
    'is not kept with the ticket %j, which we did not make',
    async (ticket) => {
      const browser = new WebBrowser();
      const form = await openForm(browser);
      await endSessions();
      const page = await browser.submit(form, { ...typed, ticket });
      expect([page.status, readAddress(page), readFields(page)]).toEqual([200, '/form', nothing]);
      expect(countKept()).toBe(0);
    },
  );

  test('has a ticket that cannot be forged, also when SECRET_KEY is empty', async () => {
    const form = await openForm(new WebBrowser());
    const [, ticket = ''] = /name="ticket" value="([^"]+)"/.exec(form.body) ?? [];
    const forms = createKeptForms({ secret: '', database: new DatabaseSync(':memory:') });
    expect(ticket).not.toBe('');
    expect(forms.readTicket(ticket)).toBeUndefined();
  });

  test('is one of the last five of its user', async () => {
    const browser = new WebBrowser();
    const form = await openForm(browser);
    await endSessions();
    const begun = [];
    for (let index = 0; index < 7; index += 1) {
      begun.push(await send(browser, form, { ...typed, subject: `${index}` }, { followRedirects: false }));
    }
    expect(countKept()).toBe(5);
    await service.signIn(browser);
    const read = async (page?: Page) => {
      const address = new URL(page?.next ?? '').searchParams.get('return_to') ?? '';
      return readFields(await browser.open(service.url + address)).subject;
    };
    expect([await read(begun[1]), await read(begun[2]), await read(begun[6])]).toEqual(['', '2', '6']);
  });
});

describe('the example for a form', () => {
  (browserIsThere ? test : test.skip)(
    'leads a browser without script to sign in and back to the form',
    async () => {
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage({ javaScriptEnabled: false });
        await page.goto(`${service.url}/form`);
        await choose({ page }, 'maria');
        await page.getByLabel('Subject').fill(typed.subject);
        await page.getByLabel('What happened').fill(typed.details);
        await endSessions();
        await page.getByRole('button', { name: 'Send' }).click();
        await page.waitForURL(/\/form\?kept=/);
        expect(await page.getByLabel('What happened').inputValue()).toBe(typed.details);
        await page.getByRole('button', { name: 'Send' }).click();
        expect(await page.getByRole('heading').innerText()).toBe('Report received');
      } finally {
        await browser.close();
      }
    },
    startTimeout,
  );

  test('has fewer than 150 lines of code', () => {
    const files = globSync('*.js', { cwd: locateStarter(example) });
    const lines = files.flatMap((file) =>
      readFileSync(join(locateStarter(example), file), 'utf8').split('\n'),
    );
    expect(lines.filter((line) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line)).length).toBeLessThan(150);
  });
});
