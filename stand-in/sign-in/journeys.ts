import { randomBytes } from 'node:crypto';
import type { Clock } from '../../lambdas/core/ports.ts';
import type { AuthorizationRequest } from '../authorize/authorization-request.ts';

/** How long a journey may take. */
const lifetimeMilliseconds = 2 * 60 * 60 * 1000;

/** A user's way through One Login, from the request to the redirect. */
export interface Journey {
  /** A field of the forms. */
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly expiresAt: number;
}

/** The journeys in progress. */
export class Journeys {
  readonly #journeys = new Map<string, Journey>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(request: AuthorizationRequest): Journey {
    const id = randomBytes(16).toString('base64url');
    const journey = { id, request, expiresAt: this.#clock.now() + lifetimeMilliseconds };
    this.#journeys.set(id, journey);
    return journey;
  }

  /** @returns undefined for an unknown journey, and for one that took too long */
  find(id: string | undefined): Journey | undefined {
    const journey = id === undefined ? undefined : this.#journeys.get(id);
    return journey === undefined || journey.expiresAt <= this.#clock.now() ? undefined : journey;
  }

  clear(): void {
    this.#journeys.clear();
  }
}
