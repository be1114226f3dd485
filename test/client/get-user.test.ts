import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMiddleware, getUser, OneLoginError } from '../../client/index.ts';
import { startUserinfo, type UserinfoServer } from '../examples/userinfo-server.ts';

let userinfo: UserinfoServer;
beforeAll(async () => {
  userinfo = await startUserinfo();
});
afterAll(() => userinfo.close());

describe('getUser', () => {
  it('reads a request of the Fetch Standard', async () => {
    const headers = { cookie: await userinfo.signIn() };
    const result = await getUser(new Request('https://service.example/', { headers }), userinfo);
    expect(result).toMatchObject({ kind: 'signed_in', user: { sub: 'urn:fdc:gov.uk:2022:somebody' } });
  });

  it('returns the cookies that delete a session which has ended', async () => {
    const cookie = await userinfo.signIn();
    userinfo.outage.answer = (response) =>
      response.writeHead(401, { 'Set-Cookie': '__Host-one-login-session=; Max-Age=0' }).end('{}');
    const result = await getUser({ headers: { cookie } }, userinfo);
    delete userinfo.outage.answer;
    expect(result).toEqual({ kind: 'signed_out', cookies: ['__Host-one-login-session=; Max-Age=0'] });
  });

  it('sends the request to the API itself if it has the address', async () => {
    const cookie = await userinfo.signIn();
    const options = { publicUrl: 'https://service.example/auth', apiUrl: userinfo.publicUrl };
    expect(await getUser({ headers: { cookie } }, options)).toMatchObject({ kind: 'signed_in' });
  });
});

describe('createMiddleware', () => {
  it.each([
    ['a form of a signed-out user', 'requireUser', { accept: 'text/html' }, 'login_required', 401],
    ['a form of another site', 'refuseCrossSiteRequests', { accept: 'text/html' }, 'cross_site_request', 403],
  ] as const)('passes %s to the error handler of the service', async (_, guard, headers, code, status) => {
    const request = { method: 'POST', headers };
    const response = { writeHead: fail, appendHeader: fail, end: fail };
    const error = await new Promise((resolve) =>
      createMiddleware(userinfo)[guard](request, response, resolve),
    );
    expect(error).toBeInstanceOf(OneLoginError);
    expect(error).toMatchObject({ code, status });
  });

  it('refuses to read the user of a route that it does not protect', () => {
    expect(() => createMiddleware(userinfo).readUser({ headers: {} })).toThrow('put requireUser');
  });
});

function fail(): never {
  throw new Error('the middleware responded itself');
}
