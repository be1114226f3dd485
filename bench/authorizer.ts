/**
 * `npm run bench:authorizer`: how much CPU time a warm authorizer takes beside its call of DynamoDB. The session is one
 * with everything in it, and the store answers at once. Exits with 1 when the median is not below a millisecond.
 */
import { authorizerClaims } from '../lambdas/authorizer/context.ts';
import { createAuthorizer } from '../lambdas/authorizer/handler.ts';
import { identityClaimNames } from '../lambdas/core/one-login/identity-claims.ts';
import { buildCookieNames } from '../lambdas/core/session/cookie-names.ts';
import { sealSession } from '../lambdas/core/session/seal.ts';
import {
  createSessionCredential,
  deriveSubjectKey,
  serializeSessionCredential,
} from '../lambdas/core/session/session-key.ts';
import { createLogger } from '../lambdas/telemetry/logger.ts';

/** Milliseconds. */
const limit = 1;
/** What a function has seen within a minute or two of traffic: the compiler has had its time. */
const warmUp = 2000;
const runs = 5000;

const sub = 'urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw=';
const credential = createSessionCredential(deriveSubjectKey('the-client', sub));
const now = Date.now();
const address = { streetName: 'Stryd y Bont', addressLocality: 'Caernarfon', postalCode: 'LL55 1AB' };
const sealed = sealSession(
  {
    sub,
    vot: 'Cl.Cm',
    authTime: 1_780_000_000,
    idToken: 'x'.repeat(900),
    claims: { email: 'zoë@example.com', email_verified: true, phone_number: '+447700900000' },
    language: 'cy',
    signedInAt: now,
    identity: {
      outcome: 'proved',
      vot: 'P2',
      names: [{ given_names: ['Zoë'], family_names: ['Llŷr'], full_name: 'Zoë Llŷr' }],
      birthDates: ['1970-01-01'],
      claims: { [identityClaimNames.address]: [address, address, address] },
    },
  },
  credential,
  { absoluteExpiresAt: now + 28_800_000, idleExpiresAt: now + 3_600_000 },
);

const cookies = buildCookieNames('');
const authorizer = createAuthorizer({
  sessions: { read: async () => sealed, extendIdle: async () => true },
  clock: { now: () => now, wait: async () => undefined },
  // The line is made, and goes nowhere.
  logger: createLogger({ deployment: 'bench', write: () => undefined }),
  settings: {
    level: 'Cl.Cm.P2',
    stepUp: 'prove-identity',
    claims: authorizerClaims,
    trustedOrigins: [],
    publicUrl: 'https://service.example/auth',
    idleMilliseconds: 3_600_000,
    cookies,
  },
});

const cookie = `theme=dark; ${cookies.session}=${serializeSessionCredential(credential)}`;
const event = {
  type: 'REQUEST',
  methodArn: 'arn:aws:execute-api:eu-west-2:111122223333:api123/live/GET/orders/42',
  httpMethod: 'GET',
  multiValueHeaders: { Accept: ['text/html'], Cookie: [cookie], 'Sec-Fetch-Site': ['same-origin'] },
  requestContext: { requestId: 'the-request-id' },
};

/** The store answers at once, so that the time that passes is the CPU's, or more when the machine is busy. */
async function measure(): Promise<number> {
  const start = performance.now();
  await authorizer(event);
  return performance.now() - start;
}

for (let run = 0; run < warmUp; run += 1) await authorizer(event);
const times: number[] = [];
for (let run = 0; run < runs; run += 1) times.push(await measure());
times.sort((a, b) => a - b);

const percentile = (part: number) => times[Math.floor(part * (runs - 1))] ?? Number.NaN;
console.log(`A warm authorizer beside its call of DynamoDB, ${runs} runs, in milliseconds of CPU:`);
console.log(
  `p50 ${percentile(0.5).toFixed(3)}  p90 ${percentile(0.9).toFixed(3)}  p99 ${percentile(0.99).toFixed(3)}`,
);
if (!(percentile(0.5) < limit)) {
  console.error(`the median is not below ${limit}`);
  process.exitCode = 1;
}
