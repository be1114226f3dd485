/** One thing that is wrong with a config file. */
export interface Mistake {
  /** The field, such as `signingKeys[1].state`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, and what is allowed. */
  readonly message: string;
}

/** Everything that is wrong with a config file, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly Mistake[];

  /** @param source what to call the config: the path of its file */
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

/** A value from the file as a message shows it: JSON, cut off when long. */
export function show(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
