import { buildSequence } from '../sequence.ts';

export const signOut = buildSequence(
  {
    title: 'Signing out',
    description:
      'Here: the browser opens /auth/logout from a page of your service. The functions delete the session and redirect to One Login, which ends its own session and redirects to /auth/signed-out. The user then goes to return_to, signedOutUrl or a page of ours. Elsewhere: when the user signs out of another service, One Login posts a signed logout token to /auth/backchannel-logout. The functions check it, use it once and delete all sessions of the user. The next request of your service to /auth/userinfo gets 401.',
  },
  {
    Browser: 'other',
    'Your service': 'other',
    'Functions below /auth': 'ours',
    DynamoDB: 'ours',
    'One Login': 'other',
  },
  ({ phase, note, message, reply }) => [
    phase('The user signs out of your service'),
    message('Browser', 'Functions below /auth', 'GET /auth/logout, from a link of yours'),
    message('Functions below /auth', 'DynamoDB', 'delete this browser’s session'),
    reply('Functions below /auth', 'Browser', 'delete the cookie, redirect'),
    message('Browser', 'One Login', 'GET /logout with the ID token'),
    note('One Login', 'Ends its session'),
    reply('One Login', 'Browser', 'redirect'),
    message('Browser', 'Functions below /auth', 'GET /auth/signed-out'),
    reply('Functions below /auth', 'Browser', 'return_to, signedOutUrl or a page of ours'),
    phase('One Login notifies every service that the user signed in to: back-channel logout'),
    message('One Login', 'Functions below /auth', 'POST /auth/backchannel-logout'),
    note('Functions below /auth', 'Check the signed logout token'),
    message('Functions below /auth', 'DynamoDB', 'accept the token once'),
    message('Functions below /auth', 'DynamoDB', 'mark the user, delete all their sessions'),
    reply('Functions below /auth', 'One Login', '200'),
    phase('The user’s next request, in any browser'),
    message('Browser', 'Your service', 'a page, with the cookie'),
    message('Your service', 'Functions below /auth', 'GET /auth/userinfo'),
    reply('Functions below /auth', 'Your service', '401'),
    reply('Your service', 'Browser', 'redirect to /auth/login'),
  ],
);
