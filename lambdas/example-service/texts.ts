import type { Language } from '../core/language.ts';

const english = {
  serviceLead: 'Use this example of a service to:',
  serviceUses: [
    'sign in with GOV.UK One Login',
    'see which details a service gets about you',
    'prove your identity when a page needs it',
  ],
  startNow: 'Start now',
  beforeYouStart: 'Before you start',
  demonstration: 'This is a demonstration. It does not store your details or make decisions about you.',
  signedInTitle: 'You are signed in',
  signedInText: 'These are the details that the service has about you.',
  apiTitle: 'Try the protected API',
  apiText:
    'This service has an API. An authorizer checks your session before the API gets your request. The API returns your details as JSON.',
  apiLinks: {
    '/api/account': 'See your account as JSON if you are signed in',
    '/api/identity': 'See your identity as JSON if you have proved it',
  },
  apiRefusals: 'If you cannot use it, you see a page with what to do next. A program gets the same as JSON.',
  accountTitle: 'Your account',
  accountText: 'Only people who are signed in can see this page. You are signed in as',
  application: 'Your application',
  applicationName: 'Your name is',
  proveTitle: 'You need to prove your identity',
  proveText: 'To see this page, prove your identity with GOV.UK One Login.',
  prove: 'Prove your identity',
  resultTitle: 'The result of your identity check',
  resultProved: 'You have proved your identity.',
  resultNotProved: 'You could not prove your identity.',
  resultNotRequested: 'You have not been asked to prove your identity yet.',
  continueToApplication: 'Continue to your application',
  tryAgain: 'Try again',
  sessionTitle: 'How long you stay signed in',
  sessionText:
    'We sign you out to keep your details safe. Looking at this page does not count as using the service.',
  staySignedIn: 'Stay signed in',
  signedOutTitle: 'You have been signed out',
  signedOutText: 'You were signed out, or did not use the service for a while. Sign in again to continue.',
  signInAgain: 'Sign in again',
  problemTitle: 'Sorry, there is a problem with the service',
  problemText: 'We could not find out whether you are signed in. Try again in a minute.',
  aboutYou: 'Your sign-in',
  yourIdentity: 'Your identity',
  yourSession: 'Your session',
  yes: 'Yes',
  no: 'No',
  outcomes: { not_requested: 'Not asked for', proved: 'Proved', not_proved: 'Not proved' },
  until: 'until',
  rows: {
    sub: 'Your identifier in this service',
    email: 'Email address',
    email_verified: 'Email address confirmed',
    phone_number: 'Phone number',
    phone_number_verified: 'Phone number confirmed',
    wallet_subject_id: 'Your identifier in GOV.UK Wallet',
    vot: 'Level of protection',
    auth_time: 'Signed in to GOV.UK One Login',
    outcome: 'Identity',
    identityVot: 'Level of confidence',
    names: 'Name',
    birthDates: 'Date of birth',
    address: 'Address',
    passport: 'Passport',
    drivingPermit: 'Driving licence',
    returnCodes: 'Return codes',
    idleExpiresAt: 'Signed out without activity',
    expiresAt: 'Signed out in any case',
    reauthenticatedAt: 'Last signed in again',
  },
} as const;

type Words<T> = T extends string
  ? string
  : T extends readonly string[]
    ? readonly string[]
    : { readonly [Key in keyof T]: Words<T[Key]> };

/** All texts of the example service. */
export type Texts = Words<typeof english>;

const welsh: Texts = {
  serviceLead: 'Defnyddiwch yr enghraifft hon o wasanaeth i:',
  serviceUses: [
    'fewngofnodi gyda GOV.UK One Login',
    'gweld pa fanylion mae gwasanaeth yn eu cael amdanoch',
    'profi eich hunaniaeth pan fydd tudalen yn gofyn am hynny',
  ],
  startNow: 'Dechrau nawr',
  beforeYouStart: 'Cyn i chi ddechrau',
  demonstration: 'Arddangosiad yw hwn. Nid yw’n storio eich manylion nac yn gwneud penderfyniadau amdanoch.',
  signedInTitle: 'Rydych wedi mewngofnodi',
  signedInText: 'Dyma’r manylion sydd gan y gwasanaeth amdanoch.',
  apiTitle: 'Rhowch gynnig ar yr API diogel',
  apiText:
    'Mae gan y gwasanaeth hwn API. Mae awdurdodwr yn gwirio eich sesiwn cyn i’r API gael eich cais. Mae’r API yn dychwelyd eich manylion fel JSON.',
  apiLinks: {
    '/api/account': 'Gweld eich cyfrif fel JSON os ydych wedi mewngofnodi',
    '/api/identity': 'Gweld eich hunaniaeth fel JSON os ydych wedi’i phrofi',
  },
  apiRefusals:
    'Os na allwch ei ddefnyddio, byddwch yn gweld tudalen gyda’r hyn i’w wneud nesaf. Mae rhaglen yn cael yr un peth fel JSON.',
  accountTitle: 'Eich cyfrif',
  accountText:
    'Dim ond pobl sydd wedi mewngofnodi sy’n gallu gweld y dudalen hon. Rydych wedi mewngofnodi fel',
  application: 'Eich cais',
  applicationName: 'Eich enw yw',
  proveTitle: 'Mae angen i chi brofi eich hunaniaeth',
  proveText: 'I weld y dudalen hon, profwch eich hunaniaeth gyda GOV.UK One Login.',
  prove: 'Profi eich hunaniaeth',
  resultTitle: 'Canlyniad eich gwiriad hunaniaeth',
  resultProved: 'Rydych wedi profi eich hunaniaeth.',
  resultNotProved: 'Nid oeddech yn gallu profi eich hunaniaeth.',
  resultNotRequested: 'Nid ydym wedi gofyn i chi brofi eich hunaniaeth eto.',
  continueToApplication: 'Parhau i’ch cais',
  tryAgain: 'Rhowch gynnig arall arni',
  sessionTitle: 'Am faint y byddwch yn parhau wedi mewngofnodi',
  sessionText:
    'Rydym yn eich allgofnodi i gadw’ch manylion yn ddiogel. Nid yw edrych ar y dudalen hon yn cyfrif fel defnyddio’r gwasanaeth.',
  staySignedIn: 'Parhau wedi mewngofnodi',
  signedOutTitle: 'Rydych wedi cael eich allgofnodi',
  signedOutText:
    'Cawsoch eich allgofnodi, neu ni wnaethoch ddefnyddio’r gwasanaeth am gyfnod. Mewngofnodwch eto i barhau.',
  signInAgain: 'Mewngofnodi eto',
  problemTitle: 'Mae’n ddrwg gennym, mae problem gyda’r gwasanaeth',
  problemText: 'Ni allem ganfod a ydych wedi mewngofnodi. Rhowch gynnig arall arni mewn munud.',
  aboutYou: 'Eich mewngofnodi',
  yourIdentity: 'Eich hunaniaeth',
  yourSession: 'Eich sesiwn',
  yes: 'Ydy',
  no: 'Nac ydy',
  outcomes: { not_requested: 'Heb ofyn amdani', proved: 'Wedi’i phrofi', not_proved: 'Heb ei phrofi' },
  until: 'hyd at',
  rows: {
    sub: 'Eich dynodwr yn y gwasanaeth hwn',
    email: 'Cyfeiriad e-bost',
    email_verified: 'Cyfeiriad e-bost wedi’i gadarnhau',
    phone_number: 'Rhif ffôn',
    phone_number_verified: 'Rhif ffôn wedi’i gadarnhau',
    wallet_subject_id: 'Eich dynodwr yn GOV.UK Wallet',
    vot: 'Lefel diogelwch',
    auth_time: 'Wedi mewngofnodi i GOV.UK One Login',
    outcome: 'Hunaniaeth',
    identityVot: 'Lefel hyder',
    names: 'Enw',
    birthDates: 'Dyddiad geni',
    address: 'Cyfeiriad',
    passport: 'Pasbort',
    drivingPermit: 'Trwydded yrru',
    returnCodes: 'Codau dychwelyd',
    idleExpiresAt: 'Allgofnodi heb weithgarwch',
    expiresAt: 'Allgofnodi beth bynnag',
    reauthenticatedAt: 'Mewngofnodi eto ddiwethaf',
  },
};

export const texts: Readonly<Record<Language, Texts>> = { en: english, cy: welsh };
