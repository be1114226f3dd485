/** A call of a service, as the proxy in front of it sees it. */
export interface ServiceCall {
  /** Such as `PutItem`, `Sign` or `/token`. */
  readonly name: string;
  /** The access key of the caller; undefined at One Login. */
  readonly caller: string | undefined;
}

/** A function as it would be deployed. */
export interface DeployedFunction {
  /** Such as `callback`. */
  readonly name: string;
  readonly logicalId: string;
  /** The bundle's entry, an absolute path. */
  readonly file: string;
  readonly exportName: string;
  /** The whole environment of its process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the functions and the reference run against. */
export interface GroundDescription {
  readonly functions: readonly DeployedFunction[];
  /** The outside URL of the deployment up to and with `/auth`. */
  readonly publicUrl: string;
  /** Where each service is, without a trailing slash. */
  readonly urls: { readonly dynamodb: string; readonly kms: string; readonly oneLogin: string };
  readonly client: {
    readonly id: string;
    /** The private key of the service, in PEM: the reference makes its own signatures. */
    readonly privateKey: string;
    readonly kid: string;
  };
}

/** How the services behave. */
export interface GroundBehaviour {
  /** Whether each response takes as long as `delays` has it. Otherwise the services respond at once. */
  readonly delayed: boolean;
  /** Whether One Login closes the connection after userinfo, so that the next callback needs a fresh one. */
  readonly closing: boolean;
}

/** Milliseconds from a request until its response. */
export const delays = { token: 60, userinfo: 40, sign: 25, dynamodb: 8 } as const;

/** The table of the reference's sessions. */
export const referenceTable = 'reference-sessions';

/** What the ground does on request: method → its argument and result. */
export interface GroundMethods {
  start(argument: {
    readonly certificateFile: string;
    readonly keyFile: string;
    readonly directory: string;
  }): GroundDescription;
  behave(argument: GroundBehaviour): null;
  /** Signs a person in at One Login. `url`: the redirect's address. Result: the callback's. */
  authorize(argument: { readonly url: string; readonly person: string }): string;
  /** Argument: the id of a person. */
  mintLogoutToken(argument: string): string;
  /** The calls since the last time. */
  takeCalls(argument: null): readonly ServiceCall[];
}
