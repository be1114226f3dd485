import type { ConfigFile } from './deployment-config.ts';

/** One thing that is wrong with a config file. */
export interface Mistake {
  /** The field, such as `signingKeys[1].state`. Empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, and what is allowed. */
  readonly message: string;
}

/** A check between fields, which a schema cannot express. */
export interface Rule {
  /** The fields that `check` reads. If the schema finds a mistake in one of them, `check` is not called. */
  readonly reads: RegExp;
  readonly check: (config: ConfigFile) => Iterable<Mistake>;
}

/** Everything that is wrong with a config file, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly Mistake[];

  /** @param source the path of the file, for the message */
  constructor(mistakes: readonly Mistake[], source = 'the config') {
    super(
      [
        `${source} has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:`,
        ...mistakes.map(({ path, message }) => `  - ${path === '' ? '' : `${path}: `}${message}`),
      ].join('\n'),
    );
    this.mistakes = mistakes;
  }
}

/** Formats a value from the file for a message: JSON, cut off when long. */
export function formatValue(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
