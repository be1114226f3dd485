import { describe, expect, test } from '@jest/globals';
import { userAgent, useWorld } from './relying-party.ts';

const world = useWorld({ client: { scopes: ['openid', 'email', 'phone', 'wallet-subject-id'] } });

const signInAs = (person: string, changes = {}) => {
  world.standIn.change({ signInAutomaticallyAs: person });
  return world.rp.signIn(changes);
};

describe('userinfo', () => {
  test('has the claims of the scopes', async () => {
    const maria = world.standIn.people.find(({ id }) => id === 'maria');
    const email = { email: 'maria@example.com', email_verified: true };
    const phone = { phone_number: '+447700900123', phone_number_verified: true };
    const sub = { sub: maria?.sub };
    expect((await signInAs('maria')).userinfo).toEqual({ ...sub, ...email, ...phone });
    expect((await signInAs('maria', { scope: 'openid email' })).userinfo).toEqual({ ...sub, ...email });
    expect((await signInAs('maria', { scope: 'openid phone' })).userinfo).toEqual({ ...sub, ...phone });
    expect((await signInAs('maria', { scope: 'openid wallet-subject-id' })).userinfo).toEqual({
      ...sub,
      wallet_subject_id: expect.stringMatching(/^urn:fdc:wallet\.account\.gov\.uk:2024:/),
    });
  });

  test('has no phone number for a person without one', async () => {
    const { userinfo } = await signInAs('tomos');
    expect(userinfo).not.toHaveProperty('phone_number');
    expect(userinfo['phone_number_verified']).toBe(false);
  });

  test('has false for what is not verified', async () => {
    expect((await signInAs('unverified-email')).userinfo['email_verified']).toBe(false);
    expect((await signInAs('unverified-phone')).userinfo['phone_number_verified']).toBe(false);
  });

  test('can be requested until the access token is 180 seconds old', async () => {
    const { accessToken } = await signInAs('maria');
    world.clock.advance(179 * 1000);
    expect((await world.rp.userinfo(accessToken)).status).toBe(200);
    world.clock.advance(1 * 1000);
    const late = await world.rp.userinfo(accessToken);
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await late.text()).toBe('');
  });

  test.each([undefined, 'bearer TOKEN', 'Basic TOKEN', 'Bearer unknown'])(
    'is refused with the Authorization header %p',
    async (header) => {
      const { accessToken } = await signInAs('maria');
      const headers: Record<string, string> = { 'user-agent': userAgent };
      if (header !== undefined) headers['authorization'] = header.replace('TOKEN', accessToken);
      const response = await fetch(`${world.standIn.url}/userinfo`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await response.text()).toBe('');
    },
  );
});
