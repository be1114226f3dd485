import { parseArgs } from 'node:util';

export const usage = `usage: npm run revoke -- --config <file> (--sub <sub> | --all) [--table <name>] [--yes]

  --config  the deployment's config file, such as config/production.json
  --sub     end all sessions of the user with this sub
  --all     end all sessions of all users
  --table   the table with the sessions, if it is not to be looked for
  --yes     do not ask before --all

See docs/operations/revoke-sessions.md.`;

export interface RevokeArguments {
  /** The path of the config file. */
  readonly config: string;
  readonly whose: { readonly kind: 'user'; readonly sub: string } | { readonly kind: 'everybody' };
  /** The sessions table's name; undefined when it has to be looked for. */
  readonly table: string | undefined;
  readonly yes: boolean;
}

/** The command was called in a way that it does not understand. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads what stands after the command's name.
 *
 * @throws UsageError that says what is wrong
 */
export function readArguments(args: readonly string[]): RevokeArguments {
  const { config, sub, table, all, yes } = parse(args);
  const [configPath, user, tableName] = [only('config', config), only('sub', sub), only('table', table)];
  if (configPath === undefined) throw new UsageError('--config is missing');
  if (user === undefined && !all) throw new UsageError('either --sub or --all has to say whose sessions');
  if (user !== undefined && all) throw new UsageError('--sub and --all exclude each other');
  if (user !== undefined && !/^[\x21-\x7e]+$/.test(user)) {
    throw new UsageError('the value of --sub has spaces or other characters that no sub has');
  }
  return {
    config: configPath,
    whose: user === undefined ? { kind: 'everybody' } : { kind: 'user', sub: user },
    table: tableName,
    yes,
  };
}

function parse(args: readonly string[]) {
  const value = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { config: value, sub: value, table: value, all: flag, yes: flag },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function only(name: string, values: readonly string[] = []): string | undefined {
  if (values.length > 1) throw new UsageError(`--${name} is there more than once`);
  if (values[0] === '') throw new UsageError(`--${name} has no value`);
  return values[0];
}
