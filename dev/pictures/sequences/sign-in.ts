import { buildSequence } from '../sequence.ts';

export const signIn = buildSequence(
  {
    title: 'A sign-in',
    description:
      'The browser opens /auth/login. The functions store an attempt, have KMS sign the request, and redirect to One Login. The user signs in there and returns to /auth/callback with a code. The functions consume the attempt once, exchange the code for tokens, check them, fetch the user’s details, store an encrypted session and set the cookie. Your service then gets the user from /auth/userinfo.',
  },
  {
    Browser: 'other',
    'Your service': 'other',
    'Functions below /auth': 'ours',
    'DynamoDB and KMS': 'ours',
    'One Login': 'other',
  },
  ({ phase, note, message, reply }) => [
    phase('The user goes to One Login'),
    message('Browser', 'Functions below /auth', 'GET /auth/login?return_to=/apply'),
    message('Functions below /auth', 'DynamoDB and KMS', 'store the attempt, for 2 hours'),
    message('Functions below /auth', 'DynamoDB and KMS', 'sign the request'),
    reply('Functions below /auth', 'Browser', 'redirect with the signed request'),
    message('Browser', 'One Login', 'GET /authorize'),
    note('One Login', 'The user signs in'),
    phase('The user returns'),
    reply('One Login', 'Browser', 'redirect with code and state'),
    message('Browser', 'Functions below /auth', 'GET /auth/callback'),
    message('Functions below /auth', 'DynamoDB and KMS', 'exchange state for the attempt, once'),
    message('Functions below /auth', 'DynamoDB and KMS', 'sign the client assertion'),
    message('Functions below /auth', 'One Login', 'POST /token with the code'),
    reply('One Login', 'Functions below /auth', 'ID token and access token'),
    note('Functions below /auth', 'Check the ID token'),
    message('Functions below /auth', 'One Login', 'GET /userinfo'),
    reply('One Login', 'Functions below /auth', 'the user’s details'),
    note('Functions below /auth', 'Check that it is the same user'),
    message('Functions below /auth', 'DynamoDB and KMS', 'store the encrypted session'),
    reply('Functions below /auth', 'Browser', 'session cookie, redirect to /apply'),
    phase('Your service gets the user'),
    message('Browser', 'Your service', 'GET /apply with the cookie'),
    message('Your service', 'Functions below /auth', 'GET /auth/userinfo with the cookie'),
    message('Functions below /auth', 'DynamoDB and KMS', 'read the session'),
    reply('Functions below /auth', 'Your service', 'the user, or 401'),
    reply('Your service', 'Browser', 'the page'),
  ],
);
