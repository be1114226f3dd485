import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { releaseChangelog } from '../../../dev/release/release-changelog.ts';

describe('releaseChangelog', () => {
  it('moves the changes under "Unreleased" to the version', () => {
    const changelog = '# Changelog\n\n## Unreleased\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n';
    const released =
      '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-11-28)\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n';
    expect(releaseChangelog(changelog, '0.2.0', '2026-11-28')).toBe(released);
  });

  it('keeps every line of the project’s changelog', () => {
    const changelog = `${readFileSync('CHANGELOG.md', 'utf8').replace('## Unreleased\n', '## Unreleased\n\n- a change\n')}`;
    const lines = (text: string) => text.split('\n').filter((line) => line !== '');
    const released = releaseChangelog(changelog, '9.9.9', '2026-11-28');
    expect(lines(released).filter((line) => !line.startsWith('## 9.9.9'))).toEqual(lines(changelog));
  });

  it.each([
    ['has no section for them', '# Changelog\n\n## 0.1.0\n\n- old\n'],
    ['has none', '# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- old\n'],
  ])('throws if the changelog %s', (_case, changelog) => {
    expect(() => releaseChangelog(changelog, '0.2.0', '2026-11-28')).toThrow('no changes under');
  });
});
