import { commands } from '../../bin/commands.ts';

/** Renders the commands with what `--help` shows of each. */
export function renderCommandList(): string {
  return Object.entries(commands)
    .map(([name, { summary }]) => `- \`${name}\`: ${summary}`)
    .join('\n');
}
