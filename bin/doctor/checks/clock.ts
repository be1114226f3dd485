import { type Check, fail, pass, readAnswer, readHeader, skip, warn } from '../check.ts';
import { readRequestObject } from '../request-object.ts';
import type { Answer } from '../transport.ts';

/** One Login allows for 30 s of difference, in milliseconds. */
const tolerance = 30_000;
const noticeable = 5000;

export const clock: Check = {
  id: 'clock',
  title: 'Our clock and that of One Login agree',
  needs: ['discovery', 'login'],
  examine: (observed) => {
    const { discovery, authorize, login } = observed;
    const ours = readAnswer(login);
    const theirs = readAnswer(authorize) ?? readAnswer(discovery);
    const issuedAt = readRequestObject(observed.login)?.claims['iat'];
    const theirTime = theirs === undefined ? undefined : readTime(theirs);
    if (
      ours === undefined ||
      theirs === undefined ||
      theirTime === undefined ||
      typeof issuedAt !== 'number'
    ) {
      return skip('One Login or our login do not say what time it is');
    }
    // Both against the clock of this machine, since they did not answer at the same time.
    const ourSkew = issuedAt * 1000 - ours.at;
    const theirSkew = theirTime - theirs.at;
    const difference = Math.abs(ourSkew - theirSkew);
    const found = `${Math.round(difference / 1000)} s apart`;
    if (difference > tolerance) {
      return fail(
        found,
        'Requests count as expired or from the future. AWS sets the clocks of Lambda: see its health dashboard, and tell One Login.',
      );
    }
    if (difference > noticeable)
      return warn(found, 'Below the 30 s that One Login allows for, but more than usual. Look again later.');
    if (Math.abs(theirSkew) > tolerance) {
      return warn(
        `they agree, but the clock of this machine is ${Math.round(Math.abs(theirSkew) / 1000)} s off`,
        'Set the clock of this machine.',
      );
    }
    return pass(found);
  },
};

/** When the answer came, by the clock of who gave it (RFC 9110, 6.6.1; a cached one is `Age` seconds old). */
function readTime(answer: Answer): number | undefined {
  const date = Date.parse(readHeader(answer, 'date'));
  return Number.isNaN(date) ? undefined : date + Number(readHeader(answer, 'age') || 0) * 1000;
}
