import { type Finding, readHeader, warn } from '../check.ts';
import type { Answer } from '../transport.ts';

/** Complains of a document that some cache should have asked for again (RFC 9111, 4.2). */
export function findStaleness(answer: Answer, what: string): Finding | undefined {
  const maxAge = /(?:^|[\s,])max-age="?(\d+)/i.exec(readHeader(answer, 'cache-control'))?.[1];
  if (maxAge === undefined) {
    return warn(
      `${what} says not how long it is fresh (Cache-Control without max-age)`,
      'It is asked for every five minutes then. If it stays like this, tell One Login.',
    );
  }
  const age = Number(readHeader(answer, 'age') || 0);
  if (age <= Number(maxAge)) return undefined;
  return warn(
    `${what} is ${age} s old, more than its max-age of ${maxAge} s`,
    'A cache between here and One Login keeps it too long: a key that was taken away stays trusted. Look for a proxy in between; otherwise tell One Login.',
  );
}
