import type { Path } from '../../../lambdas/example-service-pages.ts';
import type { CataloguedPage } from './catalogue.ts';
import { begin, choose, type Language, languages, signIn, tick, type Visit } from './visit.ts';

/** Pages of the example service, for users who are signed in and for others. */
export const exampleServicePages: readonly CataloguedPage[] = [
  page('/', 'start', goTo('/')),
  page('/', 'details', async (visit) => {
    await signIn(visit, pathIn(visit.language, '/'));
  }),
  page('/', 'details-with-identity', async (visit) => {
    await proveIdentity(visit, '/');
  }),
  page('/account', 'account', async (visit) => {
    await goTo('/account')(visit);
    await choose(visit, 'maria');
  }),
  page('/application', 'identity-needed', goTo('/application'), 403),
  page(
    '/application',
    'identity-needed-when-signed-in',
    async (visit) => {
      await signIn(visit);
      await goTo('/application')(visit);
    },
    403,
  ),
  page('/application', 'application', async (visit) => {
    await proveIdentity(visit, '/application');
  }),
  page('/identity-result', 'identity-not-requested', async (visit) => {
    await signIn(visit);
    await goTo('/identity-result')(visit);
  }),
  page('/identity-result', 'identity-proved', async (visit) => {
    await proveIdentity(visit, '/identity-result');
  }),
  page('/identity-result', 'identity-not-proved', async (visit) => {
    await begin(visit, 'prove-identity');
    await tick(visit, 'NOT_PROVED_WITH_RETURN_CODES');
    await choose(visit, 'maria');
    await goTo('/identity-result')(visit);
  }),
  page('/session', 'session', async (visit) => {
    await signIn(visit);
    await goTo('/session')(visit);
  }),
  page('/session', 'session-ended', goTo('/session')),
  { ...page('/account', 'problem', openWithoutStore, 503), isShownOnce: true },
];

function page(madeBy: Path, name: string, open: CataloguedPage['open'], status = 200): CataloguedPage {
  return { name, languages, status, madeBy, open };
}

function goTo(path: Path): CataloguedPage['open'] {
  return ({ page: tab, service, language }: Visit) => tab.goto(service.url + pathIn(language, path));
}

function pathIn(language: Language, path: Path): string {
  return language === 'cy' ? `${path}?lang=cy` : path;
}

async function proveIdentity(visit: Visit, returnTo: Path): Promise<void> {
  await begin(visit, 'prove-identity', pathIn(visit.language, returnTo));
  await choose(visit, 'maria');
}

/** During an outage the service can't check who is signed in. */
async function openWithoutStore(visit: Visit): Promise<void> {
  await signIn(visit);
  // The page reads how long the session lasts.
  await visit.page.waitForLoadState('networkidle');
  const end = visit.service.dynamodb.injectFault({
    caller: visit.service.functionId('userinfo'),
    error: { status: 500, type: 'InternalServerError' },
  });
  await goTo('/account')(visit).finally(end);
}
