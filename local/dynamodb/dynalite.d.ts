/** The part of dynalite that is used here: the package has no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long a new table stays in the state CREATING, in milliseconds. */
    readonly createTableMs?: number;
    /** The directory of the tables. @default they are in memory */
    readonly path?: string | undefined;
  }

  /** @returns a server that does not listen yet */
  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
