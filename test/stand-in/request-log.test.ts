import { describe, expect, test } from '@jest/globals';
import { setUp, useWorld } from './relying-party.ts';

const world = useWorld();

describe('the record of requests', () => {
  test('has method, path, header names, User-Agent and status, and nothing secret', async () => {
    world.standIn.change({ signInAutomaticallyAs: 'maria' });
    const { accessToken } = await world.rp.signIn();
    expect(world.standIn.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', '/authorize', 302],
      ['POST', '/token', 200],
      ['GET', '/userinfo', 200],
    ]);
    const [, , userinfo] = world.standIn.requests;
    expect(userinfo).toMatchObject({
      userAgent: 'stand-in-tests/1 (https://service.example)',
      refusal: undefined,
    });
    expect(userinfo?.headerNames).toContain('authorization');
    expect(JSON.stringify(world.standIn.requests)).not.toContain(accessToken);
    const response = await fetch(`${world.standIn.url}/control/requests`);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(world.standIn.requests)));
    await fetch(response.url, { method: 'DELETE' });
    expect(world.standIn.requests).toEqual([]);
  });

  test('has the requests that ran at the same time', async () => {
    world.standIn.change({ endpoints: { userinfo: { next: [{ hang: true }] } } });
    const client = new AbortController();
    const hanging = fetch(`${world.standIn.url}/userinfo`, { signal: client.signal }).catch(() => {});
    while (world.standIn.requests.length === 0) await fetch(`${world.standIn.url}/control`);
    await fetch(`${world.standIn.url}/trustmark`);
    client.abort();
    await hanging;
    while (world.standIn.requests[0]?.endedAt === undefined) await fetch(`${world.standIn.url}/control`);
    await fetch(`${world.standIn.url}/trustmark`);
    const [userinfo, together, alone] = world.standIn.requests;
    expect(together?.inParallelWith).toEqual([userinfo?.id]);
    expect(alone?.inParallelWith).toEqual([]);
  });

  test('has the refusals, which are also reported at once', async () => {
    const reported: string[] = [];
    const other = await setUp({ options: { onRefusal: ({ code }) => reported.push(code) } });
    await fetch(`${other.standIn.url}/userinfo`);
    expect(reported).toEqual(['access_token_missing']);

    await fetch(`${world.standIn.url}/userinfo`);
    const response = await fetch(`${world.standIn.url}/control/refusals`);
    expect(await response.json()).toMatchObject([{ code: 'access_token_missing', status: 401 }]);
    expect(await (await fetch(`${world.standIn.url}/`)).text()).toContain('access_token_missing');
    await fetch(response.url, { method: 'DELETE' });
    expect(world.standIn.refusals).toEqual([]);
  });
});
