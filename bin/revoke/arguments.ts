import { parseArgs } from 'node:util';

export const usage = `usage: npm run revoke -- --config <file> (--sub <sub> | --all) [--table <name>] [--yes]

  --config  the deployment's config file, such as config/production.json
  --sub     end all sessions of the user with this sub
  --all     end all sessions of all users
  --table   the table with the sessions, if the command does not find it
  --yes     do not ask before --all

See docs/operations/revoke-sessions.md.`;

export interface RevokeArguments {
  /** The path of the config file. */
  readonly config: string;
  readonly whose: { readonly kind: 'user'; readonly sub: string } | { readonly kind: 'everybody' };
  /** The name of the sessions table. Undefined if the command has to find it. */
  readonly table: string | undefined;
  readonly yes: boolean;
}

/** An argument is missing or wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the arguments of the command. @throws UsageError with what is wrong */
export function readArguments(args: readonly string[]): RevokeArguments {
  const { config, sub, table, all, yes } = parse(args);
  const configPath = readOnce('config', config);
  const user = readOnce('sub', sub);
  const tableName = readOnce('table', table);
  if (configPath === undefined) throw new UsageError('--config is missing');
  if (user === undefined && !all) throw new UsageError('--sub or --all is missing: whose sessions to end');
  if (user !== undefined && all) throw new UsageError('--sub and --all exclude each other');
  if (user !== undefined && !/^[\x21-\x7e]+$/.test(user)) {
    throw new UsageError('the value of --sub contains spaces or other characters that a sub cannot have');
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

function readOnce(name: string, values: readonly string[] = []): string | undefined {
  if (values.length > 1) throw new UsageError(`--${name} is given more than once`);
  if (values[0] === '') throw new UsageError(`--${name} has no value`);
  return values[0];
}
