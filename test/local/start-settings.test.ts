import { describe, expect, test } from '@jest/globals';
import { readStartSettings } from '../../local/start-settings.ts';

describe('readStartSettings', () => {
  test('returns the default ports without environment variables', () => {
    expect(readStartSettings({})).toEqual({ port: 8080, oneLoginPort: 3000 });
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
    expect(readStartSettings(environment)).toEqual({
      port: 9000,
      oneLoginPort: 9001,
      oneLoginUrl: 'http://localhost:3001',
      clientId: 'my-client',
      dynamodbUrl: 'http://localhost:8000',
      kmsUrl: 'https://kms.example',
    });
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
