import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Ask, completeSettings } from '../../../bin/init/settings.ts';
import { writeProject } from '../../../bin/init/write-project.ts';
import { runCommandWith, temporaryPath } from '../../support/command.ts';

const service = ['--service-name', 'Apply for a licence', '--host', 'licences.service.gov.uk'];

function makeDirectory(files: Readonly<Record<string, string>> = {}): string {
  const directory = temporaryPath('project');
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

/** Returns path → content of everything in a directory. */
function readAll(directory: string): Readonly<Record<string, string>> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(directory, path)).isFile());
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

describe('one-login init', () => {
  it('starts a project in a new directory, and changes nothing when it runs again', async () => {
    const parent = makeDirectory();
    const first = await runCommandWith({ INIT_CWD: parent }, 'init', 'licences', ...service);
    const written = readAll(join(parent, 'licences'));
    const again = await runCommandWith({ INIT_CWD: parent }, 'init', 'licences', '--service-name', 'Another');

    expect([first.code, first.err]).toEqual([0, '']);
    expect(Object.keys(written)).toEqual(
      [
        '.github/workflows/deploy.yml',
        '.gitignore',
        'cdk.json',
        'config/integration.json',
        'one-login.mts',
        'package.json',
        'tsconfig.json',
      ].map((path) => join(path)),
    );
    expect(Object.values(written).join()).not.toMatch(/@(config|environment|region)@/);
    expect(JSON.parse(written[join('config/integration.json')] ?? '')).toMatchObject({
      name: 'apply-for-a-licence-integration',
      publicUrl: 'https://licences.service.gov.uk/auth',
    });
    expect(first.out).toContain(
      '  cd licences\n  npm install\n  npx one-login check --config config/integration.json\n',
    );
    expect([again.code, again.out]).toEqual([0, expect.not.stringContaining('Written:')]);
    expect(readAll(join(parent, 'licences'))).toEqual(written);
  });

  it('adds what is missing to an existing repository, and prints what to install', async () => {
    const files = {
      'package.json': '{ "dependencies": { "constructs": "^10.5.0", "one-login-lambda": "file:x.tgz" } }',
      'cdk.json': '{}',
      '.gitignore': '/node_modules\n.env',
    };
    const directory = makeDirectory(files);
    const { code, out } = await runCommandWith({ INIT_CWD: directory }, 'init', ...service);
    const written = readAll(directory);

    expect(code).toBe(0);
    expect(written).toMatchObject({ ...files, '.gitignore': '/node_modules\n.env\ncdk.out/\n' });
    expect(out).toContain('Not changed, because they exist:\n  cdk.json\n  package.json\n');
    expect(out).toMatch(/\n {2}npm install "aws-cdk-lib@\^[\d.]+"\n {2}npm install --save-dev "aws-cdk@\^/);
    expect(out).toContain('npx cdk synth --app "node one-login.mts" -c config=config/integration.json');
  });

  it('names everything that is missing or wrong, and writes nothing', async () => {
    const directory = makeDirectory();
    const options = ['--environment', 'prod', '--host', 'a.gov.uk/x', '--name', 'A', '--client-id', 'a b'];
    const { code, err } = await runCommandWith({ INIT_CWD: directory }, 'init', ...options);

    expect(err.split('\n')).toEqual([
      '--service-name is missing: Name of the service, as users know it',
      '--host: "a.gov.uk/x" is not a host name, such as licences.service.gov.uk',
      '--environment: "prod" is not allowed; allowed: integration, production',
      expect.stringContaining('--name: "A" is not allowed; allowed: lower-case letters'),
      expect.stringContaining('--client-id: "a b" is not allowed'),
      '',
    ]);
    expect([code, readAll(directory)]).toEqual([2, {}]);
  });
});

describe('completeSettings', () => {
  it('asks the user for what no option has, again after a wrong answer, and suggests values', async () => {
    const asked: string[] = [];
    const answers = ['', 'Apply for a licence!', 'prod', 'production', '', ''];
    const ask: Ask = async (question, check) => {
      asked.push(question);
      for (;;) {
        const answer = answers.shift() ?? '';
        if (check(answer) === undefined) return answer;
      }
    };

    expect(await completeSettings({ host: 'licences.service.gov.uk' }, ask)).toEqual({
      serviceName: 'Apply for a licence!',
      host: 'licences.service.gov.uk',
      environment: 'production',
      name: 'apply-for-a-licence',
      clientId: 'exampleClientId00',
    });
    expect(asked).toEqual([
      'Name of the service, as users know it: ',
      'One Login environment, integration or production (integration): ',
      'Name of the deployment (apply-for-a-licence): ',
      'Client id that One Login gave you, or a placeholder (exampleClientId00): ',
    ]);
  });

  it.each([
    ['Gwneud cais am drwydded pysgota â gwialen', 'gwneud-cais-am-drwydded-pysg-integration'],
    ['2025 licences', 'licences-integration'],
    ['ŵ', 'service-integration'],
  ])('makes the name of a deployment from %s', async (serviceName, name) => {
    expect(await completeSettings({ serviceName }, undefined)).toMatchObject({ name });
  });
});

describe('writeProject', () => {
  it('leaves nothing behind if a file cannot be written', () => {
    const directory = makeDirectory({ blocked: '' });
    const fresh = join(directory, 'fresh');
    const files = { 'config/a.json': '1', 'blocked/b.json': '2' };

    expect(() => writeProject(directory, files, ['x'])).toThrow('nothing was written: ');
    expect(readdirSync(directory)).toEqual(['blocked']);
    expect(() => writeProject(fresh, { a: '1', 'a/b': '2' }, ['x'])).toThrow('nothing was written: ');
    expect(readdirSync(directory)).not.toContain('fresh');
  });
});
