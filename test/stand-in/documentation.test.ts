import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { identityOutcomes } from '../../stand-in/behaviour/behaviour.ts';
import {
  authorizationErrorNames,
  coreIdentityFaults,
  idTokenFaults,
  logoutTokenFaults,
  userinfoFaults,
} from '../../stand-in/index.ts';
import { useWorld } from './relying-party.ts';

const text = readFileSync(new URL('../../docs/stand-in.md', import.meta.url), 'utf8');

const world = useWorld({ client: { backchannelLogoutUri: 'http://127.0.0.1:9/never' } });

/** What the list items below the heading describe: what is before the first colon. */
function listTerms(heading: string): readonly string[] {
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^- (.*?): /gm)].map(([, term = '']) => term);
}

describe('docs/stand-in.md', () => {
  test('lists all people and no others', () => {
    const [, people = ''] = /<!-- generated: people -->(.*?)<!-- end/s.exec(text) ?? [];
    const ids = [...people.matchAll(/`([\w-]+)`/g)].map(([, id]) => id);
    expect(ids).toEqual(world.standIn.people.map(({ id }) => id));
  });

  test('lists all switches and no others', () => {
    expect(listTerms('Behaviour').flatMap((cell) => cell.split(', '))).toEqual(
      Object.keys(world.standIn.behaviour).map((name) => `\`${name}\``),
    );
  });

  test('contains every endpoint', () => {
    const names = Object.keys(world.standIn.behaviour.endpoints);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test.each([
    ['PATCH', '', { authorizationError: { always: 'X' } }, authorizationErrorNames],
    ['PATCH', '', { idToken: { always: ['X'] } }, idTokenFaults],
    ['PATCH', '', { coreIdentity: { always: ['X'] } }, coreIdentityFaults],
    ['PATCH', '', { userinfo: { always: ['X'] } }, userinfoFaults],
    ['PATCH', '', { identity: { always: 'X' } }, identityOutcomes],
    ['POST', '/logout-tokens', { person: 'maria', faults: ['X'] }, logoutTokenFaults],
  ])('is right that a wrong name returns all allowed ones: %s %s %j', async (method, path, body, names) => {
    const response = await fetch(`${world.standIn.url}/control${path}`, {
      method,
      body: JSON.stringify(body),
    });
    const { error } = (await response.json()) as { error: string };
    expect(response.status).toBe(400);
    expect(names.filter((name) => !error.includes(name))).toEqual([]);
  });

  test('names only existing values', () => {
    const existing = [
      ...authorizationErrorNames,
      ...idTokenFaults,
      ...coreIdentityFaults,
      ...logoutTokenFaults,
      ...userinfoFaults,
      ...identityOutcomes,
    ] as readonly string[];
    const named = [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name = '']) => name);
    const others = ['ONE_LOGIN_PORT', 'ONE_LOGIN_URL', 'CLIENT_ID', 'ANY_USER', 'AS_REGISTERED'];
    const unknown = named.filter((name) => !existing.includes(name) && !others.includes(name));
    expect(unknown.filter((name) => !name.startsWith('AWS_') && name !== 'NOT_PROVED')).toEqual([]);
  });

  test('lists every path of the control', async () => {
    const response = await fetch(`${world.standIn.url}/control/nothing`);
    const { error } = (await response.json()) as { error: string };
    const paths = error.match(/\/control[\w/-]*/g)?.slice(1) ?? [];
    const documented = listTerms('Control').map((cell) => /\/control[\w/-]*/.exec(cell)?.[0]);
    expect(new Set(documented)).toEqual(new Set(paths));
  });

  test('has examples that the control accepts', async () => {
    const commands = [
      ...text.matchAll(/^curl -X (\w+) http:\/\/localhost:3000(\S+)(?:\s+\\\n)?\s+-d '(.+)'$/gm),
    ];
    expect(commands.length).toBeGreaterThan(3);
    world.standIn.change({ backchannelLogout: { retryDelay: 0 } });
    for (const [, method = '', path = '', body = ''] of commands) {
      const response = await fetch(`${world.standIn.url}${path}`, { method, body });
      expect([path, body, response.status]).toEqual([path, body, 200]);
    }
  });
});
