import { describe, expect, test } from '@jest/globals';
import { readStartSettings } from '../../local/start-settings.ts';

describe('readStartSettings', () => {
  test('returns the default ports without environment variables', () => {
    expect(readStartSettings({})).toEqual({
      publicOrigin: 'http://localhost:8080',
      port: 8080,
      oneLoginPort: 3000,
      https: false,
      json: false,
    });
  });

  test('reads every environment variable', () => {
    const environment = {
      PORT: '9000',
      ONE_LOGIN_PORT: '9001',
      ONE_LOGIN_URL: 'http://localhost:3001/',
      CLIENT_ID: 'my-client',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000',
      AWS_ENDPOINT_URL_KMS: 'https://kms.example/',
    };
    expect(readStartSettings(environment)).toMatchObject({
      publicOrigin: 'http://localhost:9000',
      port: 9000,
      oneLoginPort: 9001,
      oneLoginUrl: 'http://localhost:3001',
      clientId: 'my-client',
      dynamodbUrl: 'http://localhost:8000',
      kmsUrl: 'https://kms.example',
    });
  });

  test('prefers an option to its environment variable', () => {
    const environment = { PORT: '9000', ONE_LOGIN_PORT: '9001' };
    expect(readStartSettings(environment, { port: '80', oneLoginPort: '81' })).toMatchObject({
      publicOrigin: 'http://localhost',
      port: 80,
      oneLoginPort: 81,
    });
  });

  test.each([
    [{ port: '443', https: true }, 'https://localhost'],
    [{ port: '443' }, 'http://localhost:443'],
    [{ publicUrl: 'http://orders.localhost:8080/' }, 'http://orders.localhost:8080'],
    [{ publicUrl: 'https://orders.tunnel.example' }, 'https://orders.tunnel.example'],
    [{ publicUrl: 'https://orders.localhost:8080', https: true }, 'https://orders.localhost:8080'],
  ])('reads from %p the public origin %s', (options, publicOrigin) => {
    expect(readStartSettings({}, options)).toMatchObject({ publicOrigin });
  });

  test('listens on the port of a public URL on this machine, unless it has another one', () => {
    const publicUrl = 'http://a.localhost:8081';
    expect(readStartSettings({}, { publicUrl }).port).toBe(8081);
    expect(readStartSettings({ PORT: '8082' }, { publicUrl }).port).toBe(8082);
    expect(readStartSettings({}, { publicUrl: 'https://orders.example:8081' }).port).toBe(8080);
  });

  test.each([
    [{ port: 'eighty' }, '--port must be a whole number'],
    [{ oneLoginPort: '0' }, '--one-login-port must be a whole number'],
    [{ publicUrl: 'orders.localhost' }, '--public-url must be an origin'],
    [{ publicUrl: 'http://orders.example' }, 'it must begin with https://'],
    [{ publicUrl: 'https://orders.example/auth' }, 'it must be an origin, without a path'],
    [{ publicUrl: 'http://localhost:8080', https: true }, '--public-url must begin with https://'],
    [{ service: '5000' }, '--service must be an origin'],
    [{ service: 'http://localhost:5000/auth' }, '--service must be an origin'],
    [{ service: 'ftp://localhost' }, '--service must be an origin'],
  ])('refuses %p in one line that contains the value', (options, problem) => {
    const read = () => readStartSettings({}, options);
    expect(read).toThrow(problem);
    expect(read).toThrow(JSON.stringify(Object.values(options)[0]));
    expect(read).toThrow(/^[^\n]*$/);
  });

  test.each([
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', 'eighty'],
    ['PORT', '80.5'],
    ['PORT', ''],
    ['ONE_LOGIN_PORT', '-1'],
    ['ONE_LOGIN_URL', 'localhost:3000'],
    ['ONE_LOGIN_URL', 'ftp://localhost/'],
    ['ONE_LOGIN_URL', 'http://localhost:3000/?a=b'],
    ['ONE_LOGIN_URL', 'http://user@localhost:3000/'],
    ['ONE_LOGIN_URL', 'http://one-login.example/'],
    ['CLIENT_ID', ''],
    ['CLIENT_ID', 'two words'],
    ['CLIENT_ID', 'x'.repeat(129)],
    ['AWS_ENDPOINT_URL_DYNAMODB', '8000'],
    ['AWS_ENDPOINT_URL_KMS', 'kms'],
  ])('refuses %s=%p in one line that contains the value', (name, value) => {
    const read = () => readStartSettings({ [name]: value });
    expect(read).toThrow(new RegExp(`^${name} must be .*, not ".*"$`));
    expect(read).toThrow(JSON.stringify(value).slice(0, -1));
  });

  test('refuses the same port for both, unless the provider is external', () => {
    expect(() => readStartSettings({ PORT: '3000' })).toThrow('PORT and ONE_LOGIN_PORT are both 3000');
    expect(readStartSettings({ PORT: '3000', ONE_LOGIN_URL: 'http://localhost:4000' })).toMatchObject({
      port: 3000,
    });
  });
});
