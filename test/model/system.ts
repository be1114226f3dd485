/** What the model and the code have in common, so that one explorer drives both, alone or side by side. */

/** A request to one of the routes. Names are short and unique, because they stand for everything that a request creates. */
export interface Request {
  readonly name: string;
  readonly route:
    | 'login'
    | 'reauthenticate'
    | 'callback'
    /** A callback with `error=login_required`. */
    | 'failed callback'
    | 'userinfo'
    | 'logout'
    | 'backchannel-logout'
    /** One Login replaces the key that signs ID tokens, and publishes only the new one. */
    | 'rotation';
  /** Whose cookies it has. Undefined for One Login's own requests. */
  readonly browser?: string;
  /** For a login: who signs in at One Login. For a back-channel logout: whose sessions end. */
  readonly user?: string;
  /** For a callback: the login whose `state` it has. */
  readonly attempt?: string;
  /** For a callback: the login for which One Login issued the code. @default that of `attempt` */
  readonly code?: string;
  /**
   * For a callback: whether its instance reads One Login's documents now or has read them at the beginning.
   * @default its documents never change
   */
  readonly instance?: 'cold' | 'warm';
  /** For a callback: the key of its ID token. @default the one with which One Login signs */
  readonly key?: 'key-1';
  /** For a back-channel logout: the `jti`. */
  readonly token?: string;
  /** The requests whose response the browser must have before. */
  readonly after?: readonly string[];
  /** Milliseconds after the beginning, for a request that is made before the exploration. @default 0 */
  readonly at?: number;
}

/** A session, named after the callback that created it. */
export interface Session {
  readonly name: string;
  /** Distinguishes the sessions that the same callback creates in different runs. */
  readonly id: string;
}

/** The cookies of a browser. */
export interface Jar {
  readonly hasBrowserCookie: boolean;
  readonly session: Session | undefined;
}

/** What a response claims, and does to the cookies. */
export interface Response {
  readonly kind:
    | 'begun'
    | 'signed in'
    /** Redirected without a new session, because there is one. */
    | 'already signed in'
    | 'user'
    | 'login required'
    | 'signed out'
    | 'revoked'
    | 'rotated'
    | 'refused';
  /** The session whose cookie it sets. */
  readonly session?: Session;
  /** Whether it deletes the session cookie, and so shows the user that they are signed out. */
  readonly clears?: true;
}

/** A call of a request that has not been answered: one action of DynamoDB, or one request to One Login. */
export interface Call {
  readonly label: string;
  readonly writes: boolean;
  /** Whether it is a call to One Login, which touches no table. */
  readonly isLocal: boolean;
}

/** How far a request has got. The same answers at the same times lead to the same position. */
export interface Position {
  readonly id: number;
  readonly request: Request;
  /** By their number within the request. */
  readonly calls: ReadonlyMap<number, Call>;
  readonly response?: Response;
}

/** The answer to a call. Answers with the same key are equal. Without a value it is a failure. */
export interface Answer {
  readonly key: string;
  readonly value?: unknown;
  readonly error?: unknown;
}

/** The connection is lost, or nothing answers in time. */
export const noAnswer: Answer = { key: 'no answer' };

/** What the tables contain, in names. */
export interface View {
  readonly attempts: Readonly<Record<string, { readonly isConsumed: boolean; readonly expiresAt: number }>>;
  readonly sessions: Readonly<Record<string, { readonly idle: number; readonly absolute: number }>>;
  /** "Revoked before", by user or browser. */
  readonly marks: Readonly<Record<string, number>>;
  readonly keys: {
    /** The ids of the keys in the stored copy of the JWKS. */
    readonly stored: readonly string[];
    readonly fetchedAt: number;
    /** When the JWKS was requested from One Login. */
    readonly requestedAt: readonly number[];
  };
}

/** Contents of the tables. The same contents are the same object. */
export interface State {
  readonly id: number;
  readonly view: View;
}

/** The model, or the code. */
export interface System<AState extends State = State, APosition extends Position = Position> {
  readonly empty: AState;
  /** Begins a request. */
  begin(request: Request, jar: Jar, now: number): Promise<APosition>;
  /** Executes a call, which changes the tables at once. The request gets the result later. */
  execute(
    position: APosition,
    call: number,
    state: AState,
    now: number,
  ): { readonly state: AState; readonly answer: Answer };
  /** Gives the request the answer to a call. */
  proceed(position: APosition, call: number, answer: Answer, now: number): Promise<APosition>;
}

export const lifetimes = {
  attempt: 2 * 3_600_000,
  idle: 3_600_000,
  absolute: 8 * 3_600_000,
  mark: 3_600_000,
};

/** Makes equal values the same object. */
export class Interned<Value> {
  readonly #values = new Map<string, Value>();

  get size(): number {
    return this.#values.size;
  }

  get(key: string, create: (id: number) => Value): Value {
    const existing = this.#values.get(key);
    if (existing !== undefined) return existing;
    const created = create(this.#values.size);
    this.#values.set(key, created);
    return created;
  }
}
