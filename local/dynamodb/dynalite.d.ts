/** The part of dynalite that is used here; it brings no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long a new table stays in the state CREATING, in milliseconds. */
    readonly createTableMs?: number;
  }

  /** @returns a server that listens once it is told to; without a path its tables live in memory */
  function dynalite(options?: DynaliteOptions): Server;
  export = dynalite;
}
