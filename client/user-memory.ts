import type { OneLoginUser } from './user.ts';

/** A sign-out elsewhere may go unnoticed for this long. */
const longestMilliseconds = 5 * 60_000;
const mostUsers = 10_000;

/** Remembers who is signed in, by session cookie, for a fixed time and no longer than the session. */
export class UserMemory {
  readonly #milliseconds: number;
  readonly #now: () => number;
  /** The one who was remembered first comes first, and is forgotten first. */
  readonly #users = new Map<string, { readonly user: OneLoginUser; readonly until: number }>();

  /** @throws RangeError for more than five minutes */
  constructor(milliseconds: number, now: () => number) {
    if (!(milliseconds >= 0 && milliseconds <= longestMilliseconds)) {
      throw new RangeError(`rememberMilliseconds is ${milliseconds}, not 0 to ${longestMilliseconds}`);
    }
    this.#milliseconds = milliseconds;
    this.#now = now;
  }

  find(cookie: string): OneLoginUser | undefined {
    const { user, until = 0 } = this.#users.get(cookie) ?? {};
    return until > this.#now() ? user : undefined;
  }

  remember(cookie: string, user: OneLoginUser): void {
    const { expires_at: end, idle_expires_at: idleEnd } = user.session;
    const until = Math.min(this.#now() + this.#milliseconds, end * 1000, idleEnd * 1000);
    this.#users.delete(cookie);
    this.#users.set(cookie, { user, until });
    for (const [oldest, { until }] of this.#users) {
      if (until > this.#now() && this.#users.size <= mostUsers) break;
      this.#users.delete(oldest);
    }
  }
}
