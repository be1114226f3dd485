import { findRequest, invariants, type Progress, type Situation } from './invariants.ts';
import { changingKeys } from './model.ts';
import {
  type Jar,
  noAnswer,
  type Position,
  type Request,
  type Response,
  type State,
  type System,
} from './system.ts';

/**
 * What is explored: these requests in every order, each of their calls in every order, with everything that may go wrong.
 */
export interface Scenario {
  readonly name: string;
  /** Requests that are made one after the other before. */
  readonly before: readonly Request[];
  readonly requests: readonly Request[];
  /** Responses that must be reached, so that no scenario is empty. Each as `name: kind`. */
  readonly reaches: readonly string[];
  /** How many calls may fail, lose their answer, be repeated or take effect late. A function may end at any step in any case. */
  readonly faults: number;
  /** How often a millisecond may pass. @default 0 */
  readonly ticks?: number;
  /** Milliseconds after the beginning to which time may jump while no function runs. Functions run for seconds only. */
  readonly jumps?: readonly number[];
}

/** What was explored. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** How many different sequences of steps lead from the beginning to an end. */
  readonly interleavings: bigint;
  /** Every response, as `name: kind`. */
  readonly responses: ReadonlySet<string>;
  /** Every step that a request took, as `route: call -> what follows`. */
  readonly steps: ReadonlySet<string>;
}

/** A broken invariant, with the steps that lead to it. */
export class Counterexample extends Error {}

interface World {
  readonly now: number;
  readonly state: State;
  readonly jars: Readonly<Record<string, Jar>>;
  readonly progress: readonly Progress[];
  readonly late: readonly { readonly by: number; readonly call: number; readonly position: Position }[];
  readonly faults: number;
  readonly ticks: number;
}

interface Transition {
  readonly label: string;
  readonly to: World;
  /** Whose step it is. */
  readonly by?: number;
}

export const beginning = Date.parse('2026-06-01T12:00:00Z');
const noCookies: Jar = { hasBrowserCookie: false, session: undefined };

/**
 * Explores breadth first, so that a counterexample is among the shortest. A state that was seen is not explored again.
 *
 * @throws Counterexample
 */
export async function explore(system: System, scenario: Scenario): Promise<Exploration> {
  const { requests } = scenario;
  const steps = new Set<string>();
  const noted = noteSteps(system, steps);
  const first = await prepare(noted, scenario);
  const seen = new Map([[describeWorld(first), 0]]);
  const worlds = [first];
  const cameFrom: { readonly index: number; readonly label: string }[] = [{ index: -1, label: '' }];
  const following: number[][] = [];
  const responses = new Set<string>();
  for (let index = 0; index < worlds.length; index += 1) {
    const world = worlds[index] as World;
    const next: number[] = [];
    following.push(next);
    for (const { label, to, by } of await findTransitions(noted, scenario, world)) {
      const problem = findProblem(scenario, world, to, by);
      if (problem !== undefined)
        throw buildCounterexample(problem, scenario, [...readTrace(cameFrom, index), label]);
      const key = describeWorld(to);
      let target = seen.get(key);
      if (target === undefined) {
        target = worlds.length;
        seen.set(key, target);
        worlds.push(to);
        cameFrom.push({ index, label });
      }
      next.push(target);
      const response = by === undefined ? undefined : to.progress[by]?.response;
      if (response) responses.add(`${requests[by as number]?.name}: ${response.kind}`);
    }
  }
  return {
    states: worlds.length,
    transitions: following.reduce((sum, { length }) => sum + length, 0),
    interleavings: countPaths(following),
    responses,
    steps,
  };
}

/** The same system, which notes every step of a request. */
function noteSteps(system: System, steps: Set<string>): System {
  const note = (route: string, from: string, { calls, response }: Position) => {
    const open = [...calls.values()].map(({ label }) => label).sort();
    steps.add(`${route}: ${from} -> ${response?.kind ?? open.join(' and ')}`);
  };
  const nameMachine = ({ route, instance }: Request) => (instance ? changingKeys : route);
  return {
    empty: system.empty,
    execute: (...parameters) => system.execute(...parameters),
    begin: async (request, jar, now) => {
      const position = await system.begin(request, jar, now);
      note(nameMachine(request), 'begins', position);
      return position;
    },
    proceed: async (position, call, answer, now) => {
      const next = await system.proceed(position, call, answer, now);
      const result = answer === noAnswer ? ', no answer' : answer.error ? ', refused' : '';
      note(nameMachine(position.request), `${position.calls.get(call)?.label}${result}`, next);
      return next;
    },
  };
}

async function prepare(system: System, { before, requests, faults, ticks = 0 }: Scenario): Promise<World> {
  let state = system.empty;
  let now = beginning;
  const jars: Record<string, Jar> = {};
  for (const request of before) {
    const { browser = '', at = 0 } = request;
    now = beginning + at;
    let position = await system.begin(request, jars[browser] ?? noCookies, now);
    for (let [call] = position.calls.keys(); call !== undefined; [call] = position.calls.keys()) {
      const execution = system.execute(position, call, state, now);
      state = execution.state;
      position = await system.proceed(position, call, execution.answer, now);
    }
    jars[browser] = applyCookies(jars[browser] ?? noCookies, position.response as Response);
  }
  const progress = requests.map((): Progress => ({ phase: 'waiting' }));
  return { now, state, jars, progress, late: [], faults, ticks };
}

function applyCookies(jar: Jar, { kind, session, clears }: Response): Jar {
  return {
    hasBrowserCookie: jar.hasBrowserCookie || kind === 'begun',
    session: clears ? undefined : (session ?? jar.session),
  };
}

/**
 * Finds what can happen next. A function that is killed needs no step of its own: it is one whose next step does not come. In
 * the same way a write that fails is a late one that never takes effect, and one whose answer is lost takes effect at once.
 */
async function findTransitions(system: System, scenario: Scenario, world: World): Promise<Transition[]> {
  const { now, state, jars, progress, late, faults, ticks } = world;

  const { requests, jumps = [] } = scenario;
  const found: Transition[] = [];
  const isOver = (name: string) => progress[indexOf(requests, name)]?.phase === 'ended';
  const fewer = { faults: faults - 1 };
  // A call to One Login touches no table, so its order among the steps of other requests does not matter.
  const local = progress.findIndex(
    ({ phase, position }) =>
      phase === 'running' && [...(position?.calls.values() ?? [])].some(({ isLocal }) => isLocal),
  );
  for (const [by, request] of requests.entries()) {
    if (local >= 0 && local !== by) continue;
    const { browser = '', after = [], name } = request;
    const one = progress[by] as Progress;
    const step = (label: string, changed: Partial<Progress>, rest: Partial<World> = {}) => {
      const to = { ...world, ...rest, progress: progress.with(by, { ...one, ...changed }) };
      found.push({ label: `${name}: ${label}`, to, by });
    };
    if (one.phase === 'waiting' && after.every(isOver)) {
      const jar = jars[browser] ?? noCookies;
      const position = await system.begin(request, jar, now);
      const hadSession = jar.session !== undefined && isUsable(state, jar.session.name, now);
      const begun = { phase: 'running', beganAt: now, jar, hadSession, ...move(position) } as const;
      step(`${request.route} begins`, begun);
    }
    if (one.phase === 'answered' && one.response && isAwaited(scenario, progress, request)) {
      const jar = applyCookies(jars[browser] ?? noCookies, one.response);
      step(
        `the response arrives: ${one.response.kind}`,
        { phase: 'ended' },
        { jars: { ...jars, [browser]: jar } },
      );
    }
    if (one.phase !== 'running' || one.position === undefined) continue;
    const { position } = one;
    for (const [call, { label, writes }] of position.calls) {
      const execution = system.execute(position, call, state, now);
      const born = noteBirth(scenario, world, execution.state, request, one);
      const executed = { state: execution.state };
      step(
        label,
        { ...born, ...move(await system.proceed(position, call, execution.answer, now)) },
        executed,
      );
      if (faults === 0 || request.route === 'rotation') continue;
      const unanswered = { ...move(await system.proceed(position, call, noAnswer, now)), hasFailed: true };
      if (writes) {
        step(`${label}, which the SDK repeats`, born, { ...executed, ...fewer });
        step(`${label}, without an answer`, unanswered, {
          ...fewer,
          late: [...late, { by, call, position }],
        });
      } else step(`${label} fails`, unanswered, fewer);
    }
  }
  if (local >= 0) return found;
  for (const [index, { by, call, position }] of late.entries()) {
    const execution = system.execute(position, call, state, now);
    const one = progress[by] as Progress;
    const request = requests[by] as Request;
    const born = noteBirth(scenario, world, execution.state, request, one);
    const label = `${request.name}: ${position.calls.get(call)?.label} takes effect after all`;
    const rest = { late: late.toSpliced(index, 1), progress: progress.with(by, { ...one, ...born }) };
    found.push({ label, to: { ...world, ...rest, state: execution.state }, by });
  }
  if (ticks > 0) {
    const to = { ...world, now: now + 1, ticks: ticks - 1 };
    found.push({ label: 'a millisecond passes', to });
  }
  const jump = jumps.find((milliseconds) => beginning + milliseconds > now);
  if (jump !== undefined) {
    const killed = progress.map(
      (one): Progress => (one.phase === 'running' ? { ...one, phase: 'ended' } : one),
    );
    const to = { ...world, now: beginning + jump, progress: killed, late: [] };
    found.push({ label: `${jump / 60_000} minutes have passed`, to });
  }
  return found;
}

function move(position: Position): Partial<Progress> {
  return position.response ? { phase: 'answered', position, response: position.response } : { position };
}

/** Whether a request is still to come for which it matters that the response has arrived. */
function isAwaited(
  { requests }: Scenario,
  progress: readonly Progress[],
  { name, browser }: Request,
): boolean {
  return requests.some(
    (request, index) =>
      progress[index]?.phase === 'waiting' &&
      (request.after?.includes(name) || (browser !== undefined && request.browser === browser)),
  );
}

function indexOf(requests: readonly Request[], name: string): number {
  return requests.findIndex((request) => request.name === name);
}

function isUsable({ view }: State, session: string, now: number): boolean {
  const { idle = 0, absolute = 0 } = view.sessions[session] ?? {};
  return now < idle && now < absolute;
}

/** Notes when a callback stores its session after a mark was written that revokes it. */
function noteBirth(
  { before }: Scenario,
  { state: { view } }: World,
  after: State,
  { name, attempt, code = attempt }: Request,
  { beganAt = 0, wasRevokedAtBirth = false }: Progress,
): Partial<Progress> {
  if (!(name in after.view.sessions) || name in view.sessions) return {};
  const owners = [findRequest(before, code)?.user ?? '', findRequest(before, attempt)?.browser ?? ''];
  const isRevoked = owners.some((owner) => (view.marks[owner] ?? 0) >= beganAt);
  return { wasRevokedAtBirth: wasRevokedAtBirth || isRevoked };
}

function findProblem(scenario: Scenario, from: World, to: World, by: number | undefined): string | undefined {
  const situation: Situation = {
    ...scenario,
    now: to.now,
    view: to.state.view,
    jars: to.jars,
    progress: to.progress,
    earlier: from.state.view,
    by,
  };
  return invariants.find(({ holds }) => !holds(situation))?.name;
}

function buildCounterexample(problem: string, { name }: Scenario, trace: readonly string[]): Counterexample {
  const steps = trace.map((label, index) => `${String(index + 1).padStart(3)}. ${label}`);
  return new Counterexample(`${name}: not kept: ${problem}\n${steps.join('\n')}`);
}

function readTrace(
  cameFrom: readonly { readonly index: number; readonly label: string }[],
  last: number,
): string[] {
  const trace: string[] = [];
  for (let index = last; index > 0; index = cameFrom[index]?.index ?? 0)
    trace.unshift(cameFrom[index]?.label ?? '');
  return trace;
}

/** Counts the paths from the first state to those without a next one. No path meets a state twice: each step uses something up. */
function countPaths(following: readonly (readonly number[])[]): bigint {
  const counts: bigint[] = [];
  const count = (index: number): bigint => {
    const known = counts[index];
    if (known !== undefined) return known;
    const next = following[index] ?? [];
    const paths = next.length === 0 ? 1n : next.reduce((sum, target) => sum + count(target), 0n);
    counts[index] = paths;
    return paths;
  };
  return count(0);
}

function describeWorld({ now, state, jars, progress, late, faults, ticks }: World): string {
  const parts = [now, state.id, faults, ticks];
  const requests = progress.map(({ phase, position, hasFailed, hadSession, wasRevokedAtBirth }) =>
    [phase, position?.id, hasFailed, hadSession, wasRevokedAtBirth].join(),
  );
  const cookies = Object.values(jars).map(({ session }) => session?.id);
  const writes = late.map(({ position, call }) => `${position.id},${call}`).sort();
  return [...parts, ...requests, ...cookies, ...writes].join(';');
}
