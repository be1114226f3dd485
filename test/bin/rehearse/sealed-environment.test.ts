import { describe, expect, test } from '@jest/globals';
import { sealedEnvironment } from '../../../bin/rehearse/sealed-environment.ts';

const sealed = sealedEnvironment({ directory: '/tmp/x', region: 'eu-west-2', account: '111122223333' });

describe('the environment of a rehearsal', () => {
  test("has nothing of the caller's but the PATH", () => {
    process.env['AWS_PROFILE'] = 'production';
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = 'https://dynamodb.example';
    const { PATH = '', ...others } = sealedEnvironment({ directory: '/tmp/x', region: 'r', account: 'a' });
    delete process.env['AWS_PROFILE'];
    delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
    expect(PATH.endsWith(process.env['PATH'] ?? '')).toBe(true);
    expect(JSON.stringify(others)).not.toMatch(/production|dynamodb\.example/);
  });

  test('leads to no account: credentials are made up, files do not exist, and the machine has no metadata', () => {
    expect(sealed).toMatchObject({
      AWS_ACCESS_KEY_ID: '111122223333',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      AWS_CONFIG_FILE: '/tmp/x/no-such-file',
      AWS_SHARED_CREDENTIALS_FILE: '/tmp/x/no-such-file',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });

  test('every address in it is of this machine', () => {
    const urls = Object.values(sealed)
      .filter((value) => value.includes('://'))
      .map((value) => new URL(value).hostname);
    expect(urls.length).toBeGreaterThanOrEqual(1);
    for (const host of urls) expect(['127.0.0.1', 'localhost']).toContain(host);
  });

  test("what the CDK keeps of an account goes into the rehearsal's own directory", () => {
    expect(sealed['CDK_HOME']).toBe('/tmp/x/.cdk');
    expect(sealed['HOME']).toBe('/tmp/x');
    expect(sealed['TMPDIR']).toBe('/tmp/x');
  });
});
