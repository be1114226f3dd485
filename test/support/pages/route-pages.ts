import type { PageName } from '../../../lambdas/http/pages/page-file.ts';
import type { CataloguedPage } from './catalogue.ts';
import { begin, choose, follow, followFromElsewhere, languages, signIn, tick, type Visit } from './visit.ts';

type Open = CataloguedPage['open'];

/** Pages of the routes below `/auth`. */
export const routePages: readonly CataloguedPage[] = [
  error('problem', 502, signInWith('id_token:INVALID_ISS')),
  error('temporarily-unavailable', 503, comeBackWith('TEMPORARILY_UNAVAILABLE')),
  error('identity-unavailable', 503, async (visit) => {
    await begin(visit, 'prove-identity');
    await choose(visit, 'TEMPORARILY_UNAVAILABLE');
  }),
  error('service-unavailable', 503, comeBackWith('CLIENT_DEACTIVATED')),
  error('start-again', 403, comeBackWith('LOGIN_REQUIRED')),
  error('denied', 403, comeBackWith('ACCESS_DENIED')),
  error('identity-denied', 403, async (visit) => {
    await begin(visit, 'prove-identity');
    await choose(visit, 'ACCESS_DENIED');
  }),
  {
    ...error('switched-browser', 400, switchBrowser),
    // The attempt, which has the language, is not the browser's.
    usesBrowserLanguage: true,
  },
  error('sent-back', 400, async (visit) => {
    await signIn(visit);
    for (let round = 0; round < 7; round += 1) await begin(visit);
  }),
  error('not-found', 404, ({ page, service, language }) =>
    page.goto(`${service.publicUrl}/message?page=nothing&lang=${language}`),
  ),
  error('sign-out-problem', 500, async (visit) => {
    await signIn(visit);
    // No function can read such a session.
    await visit.service.updateSessions('REMOVE schema_version');
    await signOut(visit);
  }),
  step('identity-not-proved', async (visit) => {
    await begin(visit, 'prove-identity');
    await choose(visit, 'not-proved');
  }),
  {
    ...step('in-person-return', async (visit) => {
      await begin(visit, 'prove-identity');
      await choose(visit, 'in-person');
      await follow(visit.page.getByRole('link', { name: 'link in the email: identity proved' }));
    }),
    // The link in the email has no language.
    usesBrowserLanguage: true,
  },
  step('confirm-sign-out', askToSignOut),
  step('signed-out', async (visit) => {
    await signIn(visit);
    await signOut(visit);
  }),
];

function error(name: PageName, status: number, open: Open): CataloguedPage {
  return { name, languages, status, open };
}

function step(name: PageName, open: Open): CataloguedPage {
  return { name, languages, status: 200, open };
}

function comeBackWith(errorName: string): Open {
  return async (visit) => {
    await begin(visit);
    await choose(visit, errorName);
  };
}

function signInWith(fault: string): Open {
  return async (visit) => {
    await begin(visit);
    await tick(visit, fault);
    await choose(visit, 'maria');
  };
}

/** Opens One Login's response in a browser that did not start the sign-in. */
async function switchBrowser(visit: Visit): Promise<void> {
  const { page, service } = visit;
  await begin(visit);
  await page.context().clearCookies({ name: /^__Host-one-login-browser/ });
  await choose(visit, 'maria');
  if (!page.url().startsWith(service.publicUrl)) throw new Error(`ended at ${page.url()}`);
}

/** Enters the address, and presses the button of the page that asks for confirmation. */
async function signOut({ page, service, language }: Visit): Promise<void> {
  await page.goto(`${service.publicUrl}/logout?lang=${language}`);
  await follow(page.locator('main form button'));
}

async function askToSignOut(visit: Visit): Promise<void> {
  await signIn(visit);
  await followFromElsewhere(visit, `${visit.service.publicUrl}/logout`);
}
