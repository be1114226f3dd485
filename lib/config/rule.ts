import type { ConfigFile } from './deployment-config.ts';
import type { Mistake } from './mistakes.ts';

/** Something that holds between fields, which a schema can't say. */
export interface Rule {
  /** The fields that `check` reads: if the schema has a complaint about one of them, `check` is not called. */
  readonly reads: RegExp;
  readonly check: (config: ConfigFile) => readonly Mistake[];
}
