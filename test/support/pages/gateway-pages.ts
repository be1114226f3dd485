import { describeDenial } from '../../../lambdas/authorizer/denials.ts';
import type { GatewayPageName } from '../../../lib/pages/texts/text-types.ts';
import { synthesiseAuthorizerResponses } from './authorizer-template.ts';
import type { CataloguedPage } from './catalogue.ts';
import { showGatewayResponse } from './gateway-response.ts';

/**
 * What API Gateway answers by itself. It knows nothing of the user's language: the pages are in English, and in Welsh
 * below.
 */
export const gatewayPages: readonly CataloguedPage[] = [
  page('page-not-found', 404, ({ page: tab, service }) => tab.goto(`${service.publicUrl}/nothing`)),
  page('too-many-requests', 429, showOurs('THROTTLED')),
  page('request-refused', 400, showOurs('DEFAULT_4XX')),
  page('unavailable', 500, showOurs('DEFAULT_5XX')),
  page('sign-in-needed', 401, showAuthorizers('UNAUTHORIZED')),
  page('access-denied', 403, showAuthorizers('ACCESS_DENIED')),
];

type Open = CataloguedPage['open'];

function page(name: GatewayPageName, status: number, open: Open): CataloguedPage {
  return { name, languages: ['en'], status, open };
}

function showOurs(responseType: string): Open {
  return (visit) => showGatewayResponse(visit, visit.service.template, responseType);
}

/** As the service's own API answers whom one of our authorizers does not let through. */
function showAuthorizers(responseType: string): Open {
  return async (visit) => {
    const { publicUrl } = visit.service;
    const denial = describeDenial('insufficient_identity', { level: 'Cl.Cm.P2', publicUrl });
    const context = Object.entries(denial).map(([name, value]) => [`authorizer.${name}`, value]);
    const template = await synthesiseAuthorizerResponses(publicUrl);
    await showGatewayResponse(visit, template, responseType, Object.fromEntries(context));
  };
}
