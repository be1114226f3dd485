import type { CataloguedPage } from './catalogue.ts';
import { begin, choose, signIn, tick, type Visit } from './visit.ts';

/** Pages of the stand-in, which has no Welsh. */
export const standInPages: readonly CataloguedPage[] = [
  page('sign-in', 'signInPage', begin),
  page('prove-identity', 'signInPage', async (visit) => {
    await begin(visit, 'prove-identity');
  }),
  page('prove-identity-when-signed-in', 'signInPage', async (visit) => {
    await signIn(visit);
    await begin(visit, 'prove-identity');
  }),
  page('in-person', 'inPersonPage', async (visit) => {
    await begin(visit, 'prove-identity');
    await tick(visit, 'IN_PERSON');
    await choose(visit, 'maria');
  }),
  page('start', 'startPage', goTo('/')),
  page('start-after-refusals', 'startPage', async (visit) => {
    await goTo('/nowhere?a=b')(visit);
    await goTo(`/${'long-'.repeat(60)}`)(visit);
    await goTo('/')(visit);
  }),
  page('signed-out', 'signedOutPage', goTo('/signed-out')),
  problem('logout-error', 200, 'logoutErrorPage', goTo('/logout?id_token_hint=nonsense')),
  problem('invalid-request', 400, 'problemPage', goTo('/authorize?client_id=nobody')),
  problem('journey-ended', 400, 'problemPage', goTo('/sign-in?journey=nothing')),
  problem('not-found', 404, 'problemPage', goTo('/nothing')),
];

function page(name: string, madeBy: string, open: CataloguedPage['open']): CataloguedPage {
  return { name, languages: ['en'], status: 200, madeBy, open };
}

function problem(name: string, status: number, madeBy: string, open: CataloguedPage['open']): CataloguedPage {
  return { ...page(name, madeBy, open), status };
}

function goTo(path: string): CataloguedPage['open'] {
  return ({ page: tab, service }: Visit) => tab.goto(service.standIn.url + path);
}
