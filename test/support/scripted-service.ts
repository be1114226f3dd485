import { afterAll } from '@jest/globals';
import type { LocalEnvironment } from '../../local/environment.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { relocate } from '../../local/template/relocate.ts';
import { changedAssembly } from './changed-assembly.ts';
import { startTestEnvironment } from './environment.ts';
import { ScriptedProvider } from './scripted-provider.ts';
import type { WebBrowser } from './web-browser.ts';

/** A sign-in that came back from One Login with that code. */
export interface BegunAttempt {
  readonly code: string;
  readonly state: string;
  readonly nonce: string;
  /** With everything in its query. */
  readonly callback: string;
}

/** A deployment on this machine that signs in at a {@link ScriptedProvider}. */
export interface ScriptedService {
  readonly environment: LocalEnvironment;
  readonly provider: ScriptedProvider;
  /** An address below `/auth`. */
  at(path: string): string;
  /** Goes to One Login and comes back, up to the callback, which is not called. */
  begin(browser: WebBrowser, code: string, route?: string, returnTo?: string): Promise<BegunAttempt>;
  /** Everything that the functions have written, from that line on. */
  logText(from?: number): string;
}

/** Starts such a deployment for the tests of a file. */
export async function useScriptedService(): Promise<ScriptedService> {
  const provider = await ScriptedProvider.start();
  const { issuer } = loadLocalConfig().provider;
  const move = { from: new URL(issuer).origin, to: provider.url };
  const assembly = await changedAssembly((template) => relocate(template, [move]));
  const environment = await startTestEnvironment({
    assemblyDirectory: assembly.directory,
    externalProvider: true,
  });
  afterAll(async () => {
    await environment.close();
    await provider.close();
    await assembly.remove();
  });
  const at = (path: string) => `${environment.publicUrl}${path}`;
  return {
    environment,
    provider,
    at,
    begin: async (browser, code, route = '/login', returnTo = '/claims/12') => {
      const query = new URLSearchParams({ return_to: returnTo });
      const { next } = await browser.open(`${at(route)}?${query}`, { followRedirects: false });
      if (next === undefined) throw new Error(`${route} leads nowhere`);
      const { state, nonce } = provider.authorize(next, code);
      return { code, state, nonce, callback: `${at('/callback')}?${new URLSearchParams({ code, state })}` };
    },
    logText: (from = 0) =>
      environment.logs
        .slice(from)
        .map(({ line }) => line)
        .join('\n'),
  };
}
