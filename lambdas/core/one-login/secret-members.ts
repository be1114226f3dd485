import type { JsonObject } from './json-object.ts';

/** Members that only private and symmetric keys have (RFC 7518, 6.2.2, 6.3.2, 6.4.1; RFC 8037, 2). */
export const secretMembers: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Whether the JWK is a private or symmetric one. */
export function hasSecretMember(jwk: JsonObject): boolean {
  return secretMembers.some((name) => name in jwk);
}
