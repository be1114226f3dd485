import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';

const page = readFileSync(new URL('../../docs/sessions.md', import.meta.url), 'utf8');
const [, script = ''] = /```js\n(async function signOutWhenIdle[^`]*)```/.exec(page) ?? [];
const now = 1_790_000_000_000;

/** Runs the script with one answer. */
async function run(status: number, secondsLeft = 0): Promise<readonly unknown[]> {
  const done: unknown[] = [];
  const session = { idle_expires_at: now / 1000 + secondsLeft };
  await runInNewContext(script, {
    fetch: async (url: string) => {
      done.push(url);
      return { status, ok: status === 200, json: async () => ({ session }) };
    },
    location: { assign: (url: string) => done.push(url) },
    setTimeout: (_: unknown, milliseconds: number) => done.push(milliseconds),
    Date: { now: () => now },
  });
  return done;
}
const asked = '/auth/userinfo?peek=1';

it.each([
  ['waits until a minute before the session ends', 200, 3600, 3_540_000],
  ['signs the user out a minute before the session ends', 200, 60, '/auth/logout'],
  ['signs the user out of One Login when the session has ended', 401, 0, '/auth/logout'],
  ['asks again in a minute when it can not be known', 503, 0, 60_000],
])('the recipe for signing out after inactivity %s', async (_, status, secondsLeft, then) => {
  expect(await run(status, secondsLeft)).toEqual([asked, then]);
});
