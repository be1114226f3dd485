import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expectSignedIn } from '../../bin/rehearse/traffic.ts';
import { Visitor } from '../../bin/rehearse/visitor.ts';
import type { Target } from './find-target.ts';
import { type MemorySample, sampleMemory } from './sample-memory.ts';
import { Stopwatch } from './stopwatch.ts';

export interface LoadOptions {
  readonly target: Target;
  readonly users: number;
  /** How long users begin visits. */
  readonly milliseconds: number;
  /** How long each user waits between two visits, in milliseconds. */
  readonly think: number;
  /** The process whose memory is sampled. @default none */
  readonly processId?: number | undefined;
}

export interface LoadReport {
  readonly users: number;
  readonly visits: number;
  /** How long it took, with the last visits. */
  readonly seconds: number;
  /** Milliseconds of each response, by route. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** How often each error occurred. */
  readonly errors: ReadonlyMap<string, number>;
  readonly memory: readonly MemorySample[];
}

/** How many times a user reads who is signed in. */
const reads = 5;
/** How long it takes until all users have come for the first time, at most, in milliseconds. */
const arrival = 10_000;

/** Lets users visit a service again and again, each time as another person. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { target, users, milliseconds, think, processId } = options;
  const errors = new Map<string, number>();
  const stopwatch = new Stopwatch();
  const memory = sampleMemory(processId);
  const people = Array.from({ length: users }, (_, index) => `load-${index + 1}`);
  const started = performance.now();
  let visits = 0;
  const comeBack = async (person: string, index: number) => {
    await wait((Math.min(arrival, milliseconds / 10) * index) / users);
    do {
      await visit(person, target, stopwatch).catch((error: unknown) => {
        const text = String(error).replaceAll(person, 'a user');
        errors.set(text, (errors.get(text) ?? 0) + 1);
      });
      visits += 1;
      await wait(think);
    } while (performance.now() - started < milliseconds);
  };
  await Promise.all(people.map(comeBack));
  const seconds = (performance.now() - started) / 1000;
  return { users, visits, seconds, times: stopwatch.times, errors, memory: await memory.stop() };
}

async function visit(id: string, target: Target, transport: Stopwatch): Promise<void> {
  await becomeAnother(id, target);
  const visitor = new Visitor(id, target, transport);
  await visitor.signIn();
  for (let count = 0; count < reads; count += 1) await expectSignedIn(visitor);
  if (target.provesIdentity) await visitor.signIn('prove-identity');
  await visitor.signOut();
}

/**
 * Gives a person of the stand-in another subject. With the same one, the notification of the sign-out before could arrive
 * during the next sign-in, and would end it.
 */
async function becomeAnother(id: string, { oneLogin }: Target): Promise<void> {
  const response = await fetch(`${oneLogin}/control/people`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, sub: `urn:fdc:gov.uk:2022:${id}-${randomUUID()}` }),
  });
  if (!response.ok) throw new Error(`${oneLogin}/control/people returns ${response.status}`);
}
