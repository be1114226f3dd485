import { type Check, describeExchange, fail, pass, readAnswer, readHeader, readJson } from '../check.ts';

/** What the firewall in front of One Login takes. */
const longestQuery = 4096;

export const login: Check = {
  id: 'login',
  title: 'A sign-in leads to One Login',
  needs: ['discovery'],
  examine: ({ login: exchange, discovery }, { config, publicUrl }) => {
    const answer = readAnswer(exchange);
    if (answer === undefined || ![302, 303].includes(answer.status)) {
      return fail(
        describeExchange(exchange),
        `Expected is a redirect. 404: ${publicUrl} does not lead to the API. 502 or 503: look into the log of the function login for the reference number on the page.`,
      );
    }
    const location = URL.parse(readHeader(answer, 'location'));
    const endpoint = readJson(readAnswer(discovery))?.['authorization_endpoint'];
    const target = location === null ? 'nowhere' : `${location.origin}${location.pathname}`;
    if (location === null || target !== endpoint) {
      return fail(
        `it leads to ${target}, not to the authorization endpoint ${endpoint}`,
        'Does something in front of the API redirect by itself? Is the config what is deployed?',
      );
    }
    const expected = { response_type: 'code', scope: config.scopes.join(' '), client_id: config.clientId };
    const wrong = Object.entries(expected).filter(
      ([name, value]) => location.searchParams.get(name) !== value,
    );
    if (wrong.length > 0) {
      const names = wrong.map(([name]) => name).join(', ');
      return fail(`unexpected ${names} in the request`, 'The config is not what is deployed: deploy it.');
    }
    if (location.search.length - 1 > longestQuery) {
      return fail(
        `the request has ${location.search.length - 1} characters, One Login takes ${longestQuery}`,
        'Ask for less: shorten publicUrl, or the claims.',
      );
    }
    return pass(`to ${target}`);
  },
};
