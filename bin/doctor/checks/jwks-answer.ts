import {
  type Check,
  describeExchange,
  fail,
  findFirst,
  pass,
  readAnswer,
  readHeader,
  warn,
} from '../check.ts';
import type { Answer } from '../transport.ts';

/** What One Login's library waits for the answer, in milliseconds, and how much of it it reads, in bytes. */
const patience = 500;
const longest = 50 * 1024;

export const jwksAnswer: Check = {
  id: 'jwks-answer',
  title: 'Our JWKS answers as One Login needs it: at once, and without a detour',
  needs: [],
  examine: ({ jwks, jwksAgain }, { config, publicUrl }) => {
    const answer = readAnswer(jwks);
    if (answer === undefined || answer.status !== 200) {
      return fail(
        describeExchange(jwks),
        'Without it One Login can verify nothing that we send. Is the public URL right, and does it lead to the stage "live" of the API? A redirect, a login in front of it or a firewall rule breaks it.',
      );
    }
    return findFirst(
      [
        config.environment !== 'local' && !publicUrl.startsWith('https:')
          ? fail(`${publicUrl} is not https`, 'One Login reads the JWKS over https only.')
          : undefined,
        /^application\/(jwk-set\+)?json\b/.test(readHeader(answer, 'content-type'))
          ? undefined
          : fail(
              `its Content-Type is ${readHeader(answer, 'content-type') || 'missing'}`,
              'Something in front of the API changes the answer: pass it on as it is.',
            ),
        Buffer.byteLength(answer.body) > longest
          ? fail(`it has more than ${longest} bytes`, 'Retire keys that are no longer needed.')
          : undefined,
        findSlowness(answer, readAnswer(jwksAgain)),
      ],
      pass(`${answer.milliseconds} ms`),
    );
  },
};

function findSlowness(first: Answer, second: Answer | undefined) {
  if (first.milliseconds <= patience) return undefined;
  const again = second?.milliseconds ?? Number.POSITIVE_INFINITY;
  const found = `it took ${first.milliseconds} ms from here, then ${again} ms; One Login waits about ${patience} ms, and tries twice`;
  const cure =
    'No function is behind it: look at what is between here and the API (a firewall, a CloudFront distribution far away, this network). Run the doctor from another place.';
  return again <= patience ? warn(found, cure) : fail(found, cure);
}
