import { jsonAnswer, type Received } from './message.ts';
import { Refusal } from './refusal.ts';

/** The limit for a query string in characters. It is higher at `/authorize`, which gets the request object. */
export const queryLimits = { authorize: 4096, other: 2048 } as const;

/** The response of the web application firewall in front of One Login. */
const forbidden = jsonAnswer(403, { message: 'Forbidden' });

/**
 * The rules of the firewall in front of One Login (docs/one-login.md, 0 and 1): no request without a User-Agent, no
 * over-long query string.
 *
 * @throws Refusal 403
 */
export function passFirewall(received: Received): void {
  if ((received.headers['user-agent'] ?? '').trim() === '') {
    throw new Refusal(
      'user_agent_missing',
      'every request to One Login needs a User-Agent such as name/version (https://service-url)',
      forbidden,
    );
  }
  const limit = received.path === '/authorize' ? queryLimits.authorize : queryLimits.other;
  if (received.queryString.length > limit) {
    throw new Refusal(
      'query_too_long',
      `the query string has ${received.queryString.length} characters, ${received.path} takes at most ${limit}`,
      forbidden,
    );
  }
}
