import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const compiler = resolve('node_modules/typescript/bin/tsc');
const directory = mkdtempSync(join(tmpdir(), 'one-login-types-'));
const module = ['--target', 'es2022', '--module', 'nodenext'];

/** @returns the errors of the compiler */
function compile(cwd: string, ...options: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [compiler, '--ignoreConfig', ...options], {
      cwd,
      encoding: 'utf8',
    });
  } catch (error) {
    return `${Object(error).stdout}`;
  }
}

/** Compiles a service, whose libraries have their types checked as well. */
function compileService(text: string, ...options: readonly string[]): string {
  writeFileSync(join(directory, 'service.ts'), text);
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit'];
  return compile(directory, ...module, ...strict, ...options, 'service.ts');
}

beforeAll(() => {
  const output = ['--outDir', join(directory, 'client'), '--declaration', '--emitDeclarationOnly'];
  const options = [...output, ...module, '--types', 'node', '--rewriteRelativeImportExtensions'];
  expect(compile('.', ...options, '--skipLibCheck', 'client/index.ts')).toBe('');
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'), 'junction');
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the types of the client', () => {
  it('suit Express', () => {
    const service = `
      import express from 'express';
      import { createMiddleware, getUser } from './client/index.js';
      const { requireUser, requireIdentity, refuseCrossSiteRequests, readUser } = createMiddleware({ publicUrl: '' });
      const app = express();
      app.use(refuseCrossSiteRequests);
      app.get('/orders/:id', requireUser, (req, res) => { res.send(readUser(req).email + req.params.id); });
      app.get('/refunds', requireIdentity('P2'), (req, res) => { res.send(readUser(req).identity.names[0]?.full_name); });
      app.get('/', async (req, res) => { res.send((await getUser(req, { publicUrl: '' })).kind); });
    `;

    expect(compileService(service, '--types', 'node')).toBe('');
  });

  it('need no other types, and suit servers of the Fetch Standard', () => {
    const service = `
      import { createMiddleware, getUser, type OneLoginUser } from './client/index.js';
      export const middleware = createMiddleware({ publicUrl: '' });
      export async function answer(request: Request): Promise<Response> {
        const result = await getUser(request, { publicUrl: '', peek: true });
        switch (result.kind) {
          case 'unavailable': return new Response(null, { status: 503 });
          case 'signed_out': return new Response(null, { status: 401, headers: result.cookies.map((value): [string, string] => ['Set-Cookie', value]) });
          case 'signed_in': return new Response(describe(result.user));
        }
      }
      function describe({ sub, email, session, identity }: OneLoginUser): string {
        const seconds: number = session.expires_at;
        const day: string | undefined = identity.birth_dates[0];
        return sub + (email ?? '') + seconds + day;
      }
    `;

    expect(compileService(service, '--types', '', '--lib', 'es2022,dom')).toBe('');
  });

  it('refuse a user before it is known whether there is one', () => {
    const service = `
      import { getUser } from './client/index.js';
      const result = await getUser({ headers: {} }, { publicUrl: '' });
      export const sub = result.user.sub;
    `;

    expect(compileService(service, '--types', '')).toMatch(
      /^service\.ts.*TS2339: Property 'user' does not exist/,
    );
  });
});
