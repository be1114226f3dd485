import type { Language } from '../http/pages/page-file.ts';
import { type Html, html } from './html.ts';
import { type Texts, texts } from './texts.ts';
import type { User } from './user.ts';

type Fields = Readonly<Record<string, unknown>>;
/** What a row says, line by line; none: the row is left out. */
type Lines = readonly (string | Html)[];
type Rows = readonly (readonly [name: keyof Texts['rows'], lines: Lines])[];

const vocab = 'https://vocab.account.gov.uk/v1/';

/** The lines of an address, as they stand on an envelope. */
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

/** Everything that `/auth/userinfo` says of a user, in summary lists. What it does not say is left out. */
export function renderUserDetails(user: User, language: Language): Html {
  const words = texts[language];
  const identity = fieldsOf(user['identity']);
  const session = fieldsOf(user['session']);
  const yesNo = (value: unknown) => (typeof value === 'boolean' ? [value ? words.yes : words.no] : []);
  const outcome = words.outcomes[identity['outcome'] as keyof Texts['outcomes']];
  return html`${renderList(words.aboutYou, words, [
    ['email', textOf(user['email'])],
    ['email_verified', yesNo(user['email_verified'])],
    ['phone_number', textOf(user['phone_number'])],
    // One Login sends false for users whose second factor is no phone.
    ['phone_number_verified', user['phone_number'] === undefined ? [] : yesNo(user['phone_number_verified'])],
    ['wallet_subject_id', textOf(user['wallet_subject_id'])],
    ['vot', textOf(user['vot'])],
    ['auth_time', timeOf(user['auth_time'], language)],
    ['sub', textOf(user['sub'])],
  ])}
${renderList(words.yourIdentity, words, [
  ['outcome', outcome === undefined ? [] : [outcome]],
  ['identityVot', textOf(identity['vot'])],
  ['names', entriesOf(identity['names']).map(nameIn(language))],
  [
    'birthDates',
    listOf(identity['birth_dates'])
      .flatMap(textOf)
      .map((date) => formatDate(date, language)),
  ],
  ['address', entriesOf(user[`${vocab}address`]).map(addressIn(language))],
  [
    'passport',
    entriesOf(user[`${vocab}passport`]).map(documentIn(language, 'documentNumber', 'icaoIssuerCode')),
  ],
  [
    'drivingPermit',
    entriesOf(user[`${vocab}drivingPermit`]).map(documentIn(language, 'personalNumber', 'issuedBy')),
  ],
  ['returnCodes', listOf(identity['return_codes']).flatMap(textOf)],
])}
${renderSessionTimes(session, language)}`;
}

/** When a session ends, and when its user last signed in once more. */
export function renderSessionTimes(session: Fields, language: Language): Html {
  const words = texts[language];
  return renderList(words.yourSession, words, [
    ['idleExpiresAt', timeOf(session['idle_expires_at'], language)],
    ['expiresAt', timeOf(session['expires_at'], language)],
    ['reauthenticatedAt', timeOf(session['reauthenticated_at'], language)],
  ]);
}

/** The name under which a user's identity was proved, their current one. */
export function provedNameOf(user: User): string | undefined {
  const identity = fieldsOf(user['identity']);
  if (identity['outcome'] !== 'proved') return undefined;
  const names = entriesOf(identity['names']);
  const current = names.find((name) => (name['valid_until'] ?? null) === null) ?? names[0];
  return textOf(current?.['full_name'])[0] ?? '';
}

/** A value as an object, so that what is missing is undefined and nothing fails. */
export function fieldsOf(value: unknown): Fields {
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

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: unknown): readonly Fields[] {
  return listOf(value).map(fieldsOf);
}

function textOf(value: unknown): readonly string[] {
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function addressIn(language: Language): (address: Fields) => Html {
  return (address) => {
    const lines = [
      ...addressLines.map((names) => names.flatMap((name) => textOf(address[name])).join(' ')),
      until(address['validUntil'], language),
    ].filter((line) => line !== '');
    return html`${lines.map((line, index) => html`${index === 0 ? '' : html`<br>`}${line}`)}`;
  };
}

/** Such as `999123456 (GBR), until 2 February 2032`. */
function documentIn(language: Language, number: string, issuer: string): (document: Fields) => string {
  return (document) => {
    const [by] = textOf(document[issuer]);
    const known = `${textOf(document[number]).join('')}${by === undefined ? '' : ` (${by})`}`;
    return [known, until(document['expiryDate'], language)].filter((part) => part !== '').join(', ');
  };
}

function nameIn(language: Language): (name: Fields) => string {
  return (name) =>
    [...textOf(name['full_name']), until(name['valid_until'], language)]
      .filter((part) => part !== '')
      .join(', ');
}

/** Empty for what holds for ever, or until further notice. */
function until(date: unknown, language: Language): string {
  const [text] = textOf(date);
  return text === undefined ? '' : `${texts[language].until} ${formatDate(text, language)}`;
}

/** @param value seconds since the epoch */
function timeOf(value: unknown, language: Language): readonly Html[] {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 8.64e12) return [];
  const date = new Date(value * 1000);
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' } as const;
  return [
    html`<time datetime="${date.toISOString()}">${new Intl.DateTimeFormat(localeOf(language), format).format(date)}</time>`,
  ];
}

/** @param date `YYYY-MM-DD`; anything else stays as it is: `Date` would make 1 January of a year, and 2 March of 30 February */
function formatDate(date: string, language: Language): string {
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.valueOf()) || midnight.toISOString().slice(0, 10) !== date) return date;
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'long', timeZone: 'UTC' }).format(midnight);
}

function localeOf(language: Language): string {
  return language === 'cy' ? 'cy-GB' : 'en-GB';
}
