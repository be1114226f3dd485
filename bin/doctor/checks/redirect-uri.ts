import { type Check, fail, pass, skip } from '../check.ts';
import { readRequestObject } from '../request-object.ts';

export const redirectUri: Check = {
  id: 'redirect-uri',
  title: 'The redirect URI is the one to register, to the letter',
  needs: ['login'],
  examine: ({ login }, { publicUrl }) => {
    const request = readRequestObject(login);
    if (request === undefined) return skip('the login sends no request object');
    const sent = request.claims['redirect_uri'];
    const expected = `${publicUrl}/callback`;
    if (sent === expected) return pass(expected);
    return fail(
      `the request has ${sent}, expected ${expected}`,
      'One Login compares redirect URIs character by character. Is publicUrl in the config what is deployed? Then register what the request has, or change publicUrl and deploy.',
    );
  },
};
