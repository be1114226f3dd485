/**
 * Moves the changes of a changelog under "Unreleased" to a version.
 *
 * @param date such as `2026-11-28`
 * @throws Error if there are none
 */
export function releaseChangelog(changelog: string, version: string, date: string): string {
  const [, before, changes = '', after = ''] =
    /^([\s\S]*?\n## Unreleased\n)([\s\S]*?)((?:\n## [\s\S]*)?)$/.exec(changelog) ?? [];
  if (before === undefined || changes.trim() === '') {
    throw new Error('CHANGELOG.md has no changes under "## Unreleased"');
  }
  return `${before}\n## ${version} (${date})\n${changes}${after}`;
}
