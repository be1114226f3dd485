import type { Language } from '../core/language.ts';
import { identityClaimNames } from '../core/one-login/identity-claims.ts';
import { type Html, html } from './html.ts';
import { type Texts, texts } from './texts.ts';
import type { User } from './user.ts';

type Fields = Readonly<Record<string, unknown>>;
/** The lines of a row. A row without lines is left out. */
type Lines = readonly (string | Html)[];
type Rows = readonly (readonly [name: keyof Texts['rows'], lines: Lines])[];

/** The lines of an address, as on an envelope. */
const addressLines = [
  ['organisationName'],
  ['subBuildingName'],
  ['buildingName'],
  ['buildingNumber', 'dependentStreetName', 'streetName'],
  ['doubleDependentAddressLocality'],
  ['dependentAddressLocality'],
  ['addressLocality'],
  ['addressRegion'],
  ['postalCode'],
  ['addressCountry'],
] as const;

/** Everything in the response of `/auth/userinfo`, in summary lists. Absent values are left out. */
export function renderUserDetails(user: User, language: Language): Html {
  const words = texts[language];
  const identity = readFields(user['identity']);
  const session = readFields(user['session']);
  const yesNo = (value: unknown) => (typeof value === 'boolean' ? [value ? words.yes : words.no] : []);
  const outcome = words.outcomes[identity['outcome'] as keyof Texts['outcomes']];
  return html`${renderList(words.aboutYou, words, [
    ['email', readText(user['email'])],
    ['email_verified', yesNo(user['email_verified'])],
    ['phone_number', readText(user['phone_number'])],
    // One Login sends false for users without a phone as their second factor.
    ['phone_number_verified', user['phone_number'] === undefined ? [] : yesNo(user['phone_number_verified'])],
    ['wallet_subject_id', readText(user['wallet_subject_id'])],
    ['vot', readText(user['vot'])],
    ['auth_time', formatTime(user['auth_time'], language)],
    ['sub', readText(user['sub'])],
  ])}
${renderList(words.yourIdentity, words, [
  ['outcome', outcome === undefined ? [] : [outcome]],
  ['identityVot', readText(identity['vot'])],
  ['names', readEntries(identity['names']).map(formatName(language))],
  [
    'birthDates',
    readList(identity['birth_dates'])
      .flatMap(readText)
      .map((date) => formatDate(date, language)),
  ],
  ['address', readEntries(user[identityClaimNames.address]).map(formatAddress(language))],
  [
    'passport',
    readEntries(user[identityClaimNames.passport]).map(
      formatDocument(language, 'documentNumber', 'icaoIssuerCode'),
    ),
  ],
  [
    'drivingPermit',
    readEntries(user[identityClaimNames.drivingPermit]).map(
      formatDocument(language, 'personalNumber', 'issuedBy'),
    ),
  ],
  ['returnCodes', readList(identity['return_codes']).flatMap(readText)],
])}
${renderSessionTimes(session, language)}`;
}

/** When a session ends, and when its user last re-authenticated. */
export function renderSessionTimes(session: Fields, language: Language): Html {
  const words = texts[language];
  return renderList(words.yourSession, words, [
    ['idleExpiresAt', formatTime(session['idle_expires_at'], language)],
    ['expiresAt', formatTime(session['expires_at'], language)],
    ['reauthenticatedAt', formatTime(session['reauthenticated_at'], language)],
  ]);
}

/** The user's current name, if their identity is proved. */
export function readProvedName(user: User): string | undefined {
  const identity = readFields(user['identity']);
  if (identity['outcome'] !== 'proved') return undefined;
  const names = readEntries(identity['names']);
  const current = names.find((name) => (name['valid_until'] ?? null) === null) ?? names[0];
  return readText(current?.['full_name'])[0] ?? '';
}

/** Reads a value as an object, so that a missing member is undefined. */
export function readFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function renderList(title: string, words: Texts, rows: Rows): Html {
  const known = rows.filter(([, lines]) => lines.length > 0);
  if (known.length === 0) return html``;
  return html`<h2 class="govuk-heading-m">${title}</h2>
<dl class="govuk-summary-list">
${known.map(
  ([name, lines]) => html`<div class="govuk-summary-list__row">
<dt class="govuk-summary-list__key">${words.rows[name]}</dt>
<dd class="govuk-summary-list__value">${lines.map((line) => html`<p class="govuk-body govuk-!-text-break-word">${line}</p>`)}</dd>
</div>`,
)}
</dl>`;
}

function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readEntries(value: unknown): readonly Fields[] {
  return readList(value).map(readFields);
}

function readText(value: unknown): readonly string[] {
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function formatAddress(language: Language): (address: Fields) => Html {
  return (address) => {
    const lines = [
      ...addressLines.map((names) => names.flatMap((name) => readText(address[name])).join(' ')),
      until(address['validUntil'], language),
    ].filter((line) => line !== '');
    return html`${lines.map((line, index) => html`${index === 0 ? '' : html`<br>`}${line}`)}`;
  };
}

/** Such as `999123456 (GBR), until 2 February 2032`. */
function formatDocument(language: Language, number: string, issuer: string): (document: Fields) => string {
  return (document) => {
    const [by] = readText(document[issuer]);
    const known = `${readText(document[number]).join('')}${by === undefined ? '' : ` (${by})`}`;
    return [known, until(document['expiryDate'], language)].filter((part) => part !== '').join(', ');
  };
}

function formatName(language: Language): (name: Fields) => string {
  return (name) =>
    [...readText(name['full_name']), until(name['valid_until'], language)]
      .filter((part) => part !== '')
      .join(', ');
}

/** Empty without a date. */
function until(date: unknown, language: Language): string {
  const [text] = readText(date);
  return text === undefined ? '' : `${texts[language].until} ${formatDate(text, language)}`;
}

/** @param value seconds since the epoch */
function formatTime(value: unknown, language: Language): readonly Html[] {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 8.64e12) return [];
  const date = new Date(value * 1000);
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' } as const;
  return [
    html`<time datetime="${date.toISOString()}">${new Intl.DateTimeFormat(chooseLocale(language), format).format(date)}</time>`,
  ];
}

/** @param date `YYYY-MM-DD`. Anything else is unchanged: `Date` reads a year as 1 January, and 30 February as 2 March */
function formatDate(date: string, language: Language): string {
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.valueOf()) || midnight.toISOString().slice(0, 10) !== date) return date;
  return new Intl.DateTimeFormat(chooseLocale(language), { dateStyle: 'long', timeZone: 'UTC' }).format(
    midnight,
  );
}

function chooseLocale(language: Language): string {
  return language === 'cy' ? 'cy-GB' : 'en-GB';
}
