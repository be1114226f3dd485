/** Checks that the user can continue afterwards, and is still signed in if they were. */

import type { Browser } from '../support/browser.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { findLink } from '../support/html.ts';
import type { Cell, Observed } from './matrix.ts';
import { notify, request, signIn } from './requests.ts';
import type { World } from './world.ts';

/** Users don't press the button faster. */
const pause = 5_000;

const isSignedIn = async (browser: Browser) =>
  (await request(browser, '/auth/userinfo?peek=1')).status === 200;

export async function findNextTryProblems(
  observed: Observed,
  cell: Cell | undefined,
  wasUsual: boolean,
): Promise<readonly string[]> {
  const { prepared, world, cookies, response } = observed;
  const { flow } = prepared;
  world.log.nextRequest();
  const browser = world.browser(cookies);
  const hadSession = prepared.cookies.has(sessionCookieName);
  const problems: string[] = [];
  const check = (ok: boolean, problem: string) => {
    if (!ok) problems.push(problem);
  };
  switch (flow.kind) {
    case 'begin':
    case 'callback':
      if (hadSession || (wasUsual && flow.kind === 'callback')) {
        check(await isSignedIn(browser), 'the user is signed out');
      }
      if (wasUsual) break;
      world.clock.advance(pause);
      check(await tryAgain(world, browser, response?.body ?? ''), 'the next try fails');
      check(await isSignedIn(browser), 'the user is not signed in after the next try');
      break;
    case 'session':
      check((await prepared.send(world, browser)).status === 200, 'the next try fails');
      break;
    case 'logout':
      if (wasUsual)
        check(!(await isSignedIn(world.browser(prepared.cookies))), 'the user is still signed in');
      else await logOutAgain(observed, cell, browser, check);
      break;
    case 'backchannel':
      world.clock.advance(pause);
      check((await notify(world, browser)).status === 200, 'the next notification fails');
      check(!(await isSignedIn(browser)), 'the user is still signed in after the next notification');
      break;
    case 'refresh':
      check((await prepared.send(world, browser)).status === 200, 'the next refresh fails');
      break;
  }
  return problems;
}

/** Follows the link of the error page through One Login. */
async function tryAgain(world: World, browser: Browser, page: string): Promise<boolean> {
  try {
    const { pathname } = new URL(findLink(page, 'Try again'));
    const throughOneLogin = await signIn(world, browser, pathname);
    // A user who is signed in may not need One Login. Another browser does.
    if (!throughOneLogin) await signIn(world, world.browser(), pathname);
    return true;
  } catch {
    return false;
  }
}

async function logOutAgain(
  { prepared, world }: Observed,
  cell: Cell | undefined,
  browser: Browser,
  check: (ok: boolean, problem: string) => void,
): Promise<void> {
  const isDeleted = cell?.call.action === 'DeleteItem';
  check(
    isDeleted || (await isSignedIn(browser)),
    'the page shows that the user is not signed out, and they are',
  );
  const { status } = await prepared.send(world, browser);
  check(status === 303, 'the next try fails');
  check(
    !(await isSignedIn(world.browser(prepared.cookies))),
    'the user is still signed in after the next try',
  );
}
