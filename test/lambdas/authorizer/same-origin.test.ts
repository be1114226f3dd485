import { describe, expect, test } from '@jest/globals';
import { eventFormats, readEffect, startAuthorizer } from './support.ts';

const own = 'https://service.example';
const trusted = 'https://forms.example';

type Headers = Readonly<Record<string, string | readonly string[]>>;

async function send(method: string, headers: Headers): Promise<string | undefined> {
  const { authorizer, signIn } = startAuthorizer({ trustedOrigins: [trusted] });
  const event = eventFormats['REST API']({ method, headers: { ...headers, Cookie: await signIn() } });
  return readEffect(await authorizer(event));
}

describe('a request by', () => {
  test.each(['GET', 'HEAD', 'OPTIONS'])('%s may come from anywhere', async (method) => {
    expect(await send(method, { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' })).toBe(
      'Allow',
    );
  });
});

describe.each(['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'PROPFIND'])('a request by %s', (method) => {
  test.each<[Headers]>([
    [{ 'Sec-Fetch-Site': 'same-origin' }],
    [{ 'sec-fetch-site': 'same-origin', Origin: own }],
    [{ Origin: own }],
    [{ Origin: trusted }],
    [{ Origin: trusted, 'Sec-Fetch-Site': 'same-site' }],
  ])('is let through with %j', async (headers) => {
    expect(await send(method, headers)).toBe('Allow');
  });

  test.each<[Headers]>([
    [{}],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'none' }],
    [{ 'Sec-Fetch-Site': '' }],
    [{ 'Sec-Fetch-Site': 'Same-Origin' }],
    [{ 'Sec-Fetch-Site': 'same-origin, cross-site' }],
    [{ 'Sec-Fetch-Site': ['same-origin', 'cross-site'] }],
    [{ 'Sec-Fetch-Site': ['same-origin', 'same-origin'] }],
    [{ 'Sec-Fetch-Site': 'cross-site', Origin: own }],
    [{ 'Sec-Fetch-Site': 'same-site', Origin: 'https://sibling.example' }],
    [{ Origin: 'null' }],
    [{ Origin: '' }],
    [{ Origin: 'http://service.example' }],
    [{ Origin: 'https://service.example:8443' }],
    [{ Origin: 'https://service.example.evil.example' }],
    [{ Origin: 'https://sub.service.example' }],
    [{ Origin: `${own}/` }],
    [{ Origin: [own, 'https://evil.example'] }],
    [{ Origin: [trusted, 'https://evil.example'] }],
    [{ Referer: `${own}/page` }],
    [{ 'X-HTTP-Method-Override': 'GET' }],
  ])('is denied with %j', async (headers) => {
    expect(await send(method, headers)).toBe('Deny');
  });
});

// id: foreign-request-extends-nothing
test('a request from elsewhere is denied without reading the session, which it must not extend', async () => {
  const { authorizer, signIn, sessions } = startAuthorizer();
  const headers = { Cookie: await signIn(), 'Sec-Fetch-Site': 'cross-site' };
  await authorizer(eventFormats['REST API']({ method: 'POST', headers }));

  expect(sessions.calls).toEqual([]);
});
