import { buildSequence } from '../sequence.ts';

export const identity = buildSequence(
  {
    title: 'Proving an identity',
    description:
      'The browser opens /auth/prove-identity, and the functions redirect to One Login with the level and the claims of your config. If the identity is proved, the functions get the signed core identity from /userinfo, check it with the keys of One Login’s DID document, store a new session and redirect to return_to. If not, the session has the outcome not_proved, and the user goes to identity.notProvedUrl or a page of ours. After a check at a Post Office, One Login emails a link to /auth/in-person-return, the user signs in, selects Continue, and goes where they left off.',
  },
  { Browser: 'other', 'Functions below /auth': 'ours', DynamoDB: 'ours', 'One Login': 'other' },
  ({ phase, note, message, reply }) => [
    message('Browser', 'Functions below /auth', 'GET /auth/prove-identity'),
    message('Functions below /auth', 'DynamoDB', 'store the attempt'),
    reply('Functions below /auth', 'Browser', 'redirect: level P1 or P2, and claims'),
    message('Browser', 'One Login', 'signed request'),
    note('One Login', 'The user proves their identity'),
    phase('If the identity is proved'),
    reply('One Login', 'Browser', 'redirect with code and state'),
    message('Browser', 'Functions below /auth', 'GET /auth/callback'),
    message('Functions below /auth', 'One Login', 'POST /token, then GET /userinfo, as for a sign-in'),
    reply('One Login', 'Functions below /auth', 'signed core identity, and claims such as the address'),
    note(
      ['Functions below /auth', 'DynamoDB'],
      'Check the core identity with the keys of One Login’s DID document',
    ),
    message('Functions below /auth', 'DynamoDB', 'session: proved'),
    reply('Functions below /auth', 'Browser', 'redirect to return_to'),
    phase('If it is not proved'),
    reply('One Login', 'Browser', 'redirect with access_denied, or with a code that gives no core identity'),
    message('Browser', 'Functions below /auth', 'GET /auth/callback'),
    message('Functions below /auth', 'DynamoDB', 'session: not_proved'),
    reply('Functions below /auth', 'Browser', 'identity.notProvedUrl, or a page of ours'),
    phase('If the user goes to a Post Office'),
    note('One Login', 'Emails a link when there is a result'),
    message('Browser', 'Functions below /auth', 'GET /auth/in-person-return'),
    note(
      ['Browser', 'One Login'],
      'The user signs in, and selects “Continue” on a page of ours. One Login returns the result',
    ),
    reply('Functions below /auth', 'Browser', 'redirect to where they were'),
  ],
);
