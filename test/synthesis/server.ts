/**
 * A process that synthesises stacks for all test files. It loads the CDK once, when the first test needs a template, and
 * synthesises each config once: as a template, or at `/assembly` as a cloud assembly with the bundles.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';

const placeholderBundle = fileURLToPath(new URL('./placeholder-bundle', import.meta.url));
const templates = new Map<string, string>();

async function synthesiseTemplate(config: string): Promise<string> {
  const { buildApp } = await import('../../lib/app.ts');
  const { listFunctions } = await import('../../lib/functions/bundles.ts');
  const { buildStackName } = await import('../../lib/config/stack-name.ts');
  const outdir = mkdtempSync(join(tmpdir(), 'one-login-synth-'));
  try {
    const deployment = JSON.parse(config) as DeploymentConfig;
    const bundles = new Map(listFunctions().map((name) => [name, placeholderBundle]));
    buildApp(deployment, { outdir, bundles }).synth();
    return readFileSync(join(outdir, `${buildStackName(deployment)}.template.json`), 'utf8');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

async function findTemplate(config: string): Promise<string> {
  const template = templates.get(config) ?? (await synthesiseTemplate(config));
  templates.set(config, template);
  return template;
}

/** @returns the assembly's directory */
async function findAssembly(config: string): Promise<string> {
  const { cachedAssembly } = await import('./assembly-cache.ts');
  return cachedAssembly(JSON.parse(config) as DeploymentConfig);
}

const server = createServer(async (request, response) => {
  const config = await text(request);
  // A client may use a kept connection at the moment in which it is closed, when this process or its own was busy.
  response.setHeader('connection', 'close');
  try {
    response.end(await (request.url === '/assembly' ? findAssembly(config) : findTemplate(config)));
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? error.stack : String(error));
  }
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
