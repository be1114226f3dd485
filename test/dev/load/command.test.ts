import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listenOnLocalhost } from '../../../local/loopback-server.ts';
import { runCommand } from '../../support/command.ts';
import { type Service, startService } from '../../support/service.ts';

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

const load = (...args: readonly string[]) => runCommand('load', '--minutes', '0.03', '--think', '0', ...args);

describe('npm run load', () => {
  it('starts what npm start runs, serves 20 users without an error, and prints their times and the memory', async () => {
    const { code, out, err } = await load('--users', '20');
    expect(err).toBe('');
    expect(out).toMatch(/^\d+ visits of 20 users in \d+ s: /);
    expect(out).toMatch(/\nGET \/auth\/prove-identity +\d+/);
    expect(out).toMatch(/\nmemory: \d+ MB at the end/);
    expect(out).toMatch(/\npass {2}0 of \d+ visits went wrong\n$/);
    expect(code).toBe(0);
  });

  it('exits with 1 and names the error when a visit goes wrong in a service that runs already', async () => {
    service.standIn.change({ endpoints: { token: { always: { status: 500 } } } });
    const { code, out } = await load('--users', '1', '--url', service.publicUrl);
    service.standIn.reset();
    expect(out).toContain('times: CommandError: /auth/login ends at');
    expect(out).toContain('\nmemory: not measured\n');
    expect(code).toBe(1);
  });

  it('does not load another One Login than the stand-in', async () => {
    const other = await listenOnLocalhost(
      (_, response) => response.writeHead(302, { Location: `${service.url}/authorize` }).end(),
      { port: 0, portName: '' },
    );
    const { code, err } = await load('--url', `${other.url}/auth`);
    await other.close();
    expect(err).toContain('which is not the stand-in');
    expect(code).toBe(2);
  });

  it.each([
    ['a URL without /auth', ['--url', 'http://localhost:8080/'], '--url: http://localhost:8080/ '],
    ['a URL without a server', ['--url', 'http://localhost:1/auth'], 'localhost:1 does not respond'],
    ['more users than the sign-in page can show', ['--users', '1001'], 'Allowed: a number'],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await load(...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
