/** What changes in an incident. Several can be true at a time. */
export type Change = Period &
  (
    | UsersChange
    | LogoutTokensChange
    | TrafficChange
    | StrangersChange
    | ScheduleChange
    | GatewayChange
    | FunctionChange
    | SlowChange
    | CollectorChange
    | CertificateChange
    | MetricChange
  );

/** In minutes after the incident began. */
export interface Period {
  /** @default 0 */
  readonly from?: number;
  /** @default the end */
  readonly to?: number;
}

/** Users' visits become another recorded visit, step by step. */
export interface UsersChange {
  readonly users: string;
  /** The share of all users. @default 1 */
  readonly share?: number;
  /** Only the users with identity requests, or only the others. @default both */
  readonly only?: 'identity' | 'login';
}

/** One Login's notifications become another recorded visit. */
export interface LogoutTokensChange {
  readonly logoutTokens: string;
}

/** There are so many times more sign-ins. */
export interface TrafficChange {
  readonly traffic: number;
}

/** Strangers make a recorded visit. */
export interface StrangersChange {
  readonly strangers: string;
  /** Only this step of it, again and again. @default all steps */
  readonly step?: string;
  readonly perMinute: number;
}

/** A schedule comes to a recorded result, or does not run. */
export interface ScheduleChange {
  readonly schedule: 'canary' | 'refresh-jwks' | 'refresh-did' | 'our-keys';
  readonly becomes: string | undefined;
  /** The runs that fetch no document are as usual. @default false */
  readonly whenDue?: boolean;
}

/** API Gateway, the firewall or CloudFront responds, and no function is called. */
export interface GatewayChange {
  readonly gateway: number;
  /** @default every route */
  readonly route?: RegExp;
  /** @default 1 */
  readonly share?: number;
  /** CloudFront responds, so that API Gateway does not count the request. @default false */
  readonly inFront?: boolean;
}

/** A function does not come to run. */
export interface FunctionChange {
  readonly function: string;
  readonly fails: 'throttled' | 'crashes';
  /** @default 1 */
  readonly share?: number;
}

/** Responses take longer. */
export interface SlowChange {
  /** A function, or `our-keys`. */
  readonly slow: string;
  /** The usual time is multiplied by this. @default 1 */
  readonly times?: number;
  /** Milliseconds are added. @default 0 */
  readonly plus?: number;
  /** @default 1 */
  readonly share?: number;
}

export interface CollectorChange {
  readonly collector: 'fails' | 'silent' | 'throttled';
}

export interface CertificateChange {
  readonly certificateDays: number;
}

/** A metric that no request writes, once a minute. */
export interface MetricChange {
  readonly metric: 'foreign-signatures' | 'audit_lines_refused';
  readonly value: number;
}

/** What a person on call needs. */
export type Expectation = Quiet | (Called & { readonly call: 'page' | 'ticket' | 'page or ticket' });

interface Quiet {
  readonly call: 'quiet';
  /** Whether a ticket is right too. @default false */
  readonly orTicket?: boolean;
}

interface Called {
  /** Minutes from the beginning of the incident. */
  readonly within: number;
  /** The most pages. @default 1 */
  readonly pages?: number;
  /** The pages in `docs/operations/runbooks`, one of which the first call links to. @default any */
  readonly runbooks?: readonly string[];
}

export interface Incident {
  /** In kebab-case. */
  readonly name: string;
  /** A sentence without a full stop. */
  readonly what: string;
  /** Sign-ins an hour by day at which it is replayed. */
  readonly traffic: readonly number[];
  /** The hour of the day. @default 10 */
  readonly beginsAt?: number;
  /** How many minutes are watched. @default 180 */
  readonly watched?: number;
  readonly changes: readonly Change[];
  readonly expected: Expectation;
  /** Another expectation for some traffic. */
  readonly expectedAt?: Readonly<Record<number, Expectation>>;
}
