/** The part of dynalite that is used here: the package has no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long a new table stays in the state CREATING, in milliseconds. */
    readonly createTableMs?: number;
  }

  /** @returns a server that does not listen yet; its tables are in memory */
  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
