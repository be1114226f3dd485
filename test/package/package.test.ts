/**
 * The package that `npm pack` makes, as its users have it: installed from the tarball, with npm's registry, beside the lowest
 * and the current versions of what it needs. `npm run test:package`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { followTutorial } from './tutorial.ts';

const { peerDependencies, devDependencies, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const directory = mkdtempSync(join(tmpdir(), 'one-login-package-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** What a CDK app with this package is. The lowest versions are those of the package's own ranges. */
const environments = [
  {
    name: 'Node 22 and the lowest CDK',
    node: '22.23.3',
    cdk: lowest(peerDependencies['aws-cdk-lib']),
    constructs: lowest(peerDependencies.constructs),
    typescript: '5.9.3',
  },
  {
    name: 'Node 24 and the current CDK',
    node: devDependencies.node,
    cdk: devDependencies['aws-cdk-lib'],
    constructs: devDependencies.constructs,
    typescript: devDependencies.typescript,
  },
];

const synthesise = `
const { stackName, ...props } = propsFromConfig('config.json');
const recommended = require('aws-cdk-lib/recommended-feature-flags.json');
const templates = [{}, recommended].map((flags) => {
  const app = new App({ analyticsReporting: false, context: flags, outdir: mkdtempSync('out-') });
  new OneLoginStack(app, stackName, { stackName, ...props });
  return app.synth().stacks[0]?.template;
});
process.stdout.write(JSON.stringify(templates));
`;
const typed = `
import { mkdtempSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { getUser, type OneLogin, OneLoginStack, propsFromConfig } from 'one-login-lambda';
import { getUser as getUserOfService } from 'one-login-lambda/client';
const urlOf: (oneLogin: OneLogin) => string = ({ publicUrl }) => publicUrl;
if (urlOf === undefined || getUser === undefined || getUserOfService === undefined) throw new Error();
`;
const esmRequire = `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n`;

/** Kind of app → its files. The first is the entry point. */
const apps = {
  'TypeScript, ES modules': {
    'esm/app.ts': `${esmRequire}${typed}${synthesise}`,
    'esm/package.json': '{ "type": "module" }',
  },
  'TypeScript, CommonJS': {
    'cjs/app.ts': `${typed}${synthesise}`,
    'cjs/package.json': '{ "type": "commonjs" }',
  },
  'JavaScript, ES modules': {
    'js/app.mjs': `${esmRequire}${typed.replace(/type \w+, /, '').replace(': (oneLogin: OneLogin) => string', '')}${synthesise}`,
  },
  'JavaScript, CommonJS': {
    'js/app.cjs': `
const { mkdtempSync } = require('node:fs');
const { App } = require('aws-cdk-lib');
const { OneLoginStack, propsFromConfig } = require('one-login-lambda');
require('one-login-lambda/client').getUser.name;
${synthesise}`,
  },
};
const tsconfig = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: false,
    noEmitOnError: true,
  },
};

let tarball: string;
let fromClone: string;
beforeAll(() => {
  const packed = run('npm', ['pack', '--json', '--pack-destination', directory], '.');
  tarball = join(directory, JSON.parse(packed.slice(packed.indexOf('[')))[0].filename);
  fromClone = run(
    'node',
    [
      '--input-type=module',
      '--eval',
      `import { buildApp } from './lib/app.ts';
       import { loadConfig } from './lib/config/load-config.ts';
       const app = buildApp(loadConfig('config/production.example.json'), { outdir: ${JSON.stringify(join(directory, 'clone'))} });
       process.stdout.write(JSON.stringify(app.synth().stacks[0].template));`,
    ],
    '.',
  );
});

describe('the tarball', () => {
  it('has no faults that publint finds', () => {
    run('npx', ['publint', 'run', tarball, '--strict'], '.');
  });

  it('has types that every module resolution finds', () => {
    run(
      'npx',
      ['attw', tarball, '--profile', 'node16', '--exclude-entrypoints', 'schema.json', 'openapi.json'],
      '.',
    );
  });
});

describe.each(environments)('the package with $name', ({ node, cdk, constructs, typescript }) => {
  let project: string;
  const npx = (command: string, ...args: string[]) => run('npx', ['--no', '--', command, ...args], project);

  beforeAll(() => {
    project = mkdtempSync(join(directory, 'project-'));
    const dependencies = {
      'one-login-lambda': `file:${tarball}`,
      'aws-cdk-lib': cdk,
      constructs,
      node,
      typescript,
      '@types/node': '22.19.0',
    };
    write('package.json', JSON.stringify({ private: true, dependencies, allowScripts: { node: true } }));
    write('tsconfig.json', JSON.stringify(tsconfig));
    write('config.json', readFileSync('config/production.example.json', 'utf8'));
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts=false'], project);
    for (const [file, text] of Object.values(apps).flatMap(Object.entries<string>)) write(file, text);
    expect(npx('node', '--version').trim()).toBe(`v${node}`);
    npx('tsc', '--project', '.');
  });

  function write(file: string, text: string): void {
    mkdirSync(join(project, file, '..'), { recursive: true });
    writeFileSync(join(project, file), text);
  }

  it.each(Object.entries(apps))('synthesises in an app in %s, with and without feature flags', (_, files) => {
    const entry = (Object.keys(files)[0] ?? '').replace(/\.ts$/, '.js');
    const [template, withFlags] = JSON.parse(npx('node', entry));
    expect(withFlags).toEqual(template);
    if (cdk === devDependencies['aws-cdk-lib']) expect(template).toEqual(JSON.parse(fromClone));
    else expect(Object.keys(template.Resources).length).toBeGreaterThan(200);
  });

  it('has a command with its version', () => {
    expect(npx('one-login', '--version').trim()).toBe(version);
  });

  // Once is enough, on the Node that the clone does not use.
  if (node === devDependencies.node) return;
  it('lets a reader of docs/connect.md sign in to a service of their own', () => {
    const path = [join(project, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
    return followTutorial(mkdtempSync(join(directory, 'tutorial-')), tarball, path);
  });
});

function lowest(range: string): string {
  return range.replace(/^\^/, '');
}

/** @returns standard output. @throws Error with all output if the command fails */
function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, {
      cwd: resolve(cwd),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npx looks for commands in the project, not in this one's folder of the path.
      env: { ...process.env, NODE_OPTIONS: '', CDK_VALIDATION: 'false' },
    });
  } catch (error) {
    const { stdout, stderr }: { stdout?: string; stderr?: string } = Object(error);
    throw new Error(`${command} ${args.join(' ')}:\n${stdout}\n${stderr}`);
  }
}
