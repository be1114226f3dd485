import { type Check, describeExchange, fail, pass, readAnswer, skip } from '../check.ts';
import { findErrorCode } from '../error-code.ts';

export const registration: Check = {
  id: 'registration',
  title: 'One Login takes the request: client, redirect URI, scopes and keys are as registered',
  needs: ['user-agent', 'discovery', 'login', 'request-object', 'redirect-uri'],
  examine: ({ authorize }, { config, publicUrl }) => {
    const answer = readAnswer(authorize);
    if (answer === undefined) return skip(describeExchange(authorize));
    const { status } = answer;
    const code = findErrorCode(answer, publicUrl);
    if (status < 400 && code === undefined) return pass(describeExchange(authorize));
    if (status >= 500) {
      return fail(
        describeExchange(authorize),
        `One Login has a problem, or could not read our JWKS: is ${publicUrl}/.well-known/jwks.json registered as the JWKS URL, and reachable from the internet?`,
      );
    }
    return fail(
      code === undefined ? describeExchange(authorize) : `it sends the user back: ${code}`,
      `Compare the registration of the client ${config.clientId} with what npm run register prints: client id, redirect URI, scopes, public keys by JWKS. docs/errors.md has what each code means.`,
    );
  },
};
