import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { cachedAssembly } from '../support/assembly-cache.ts';
import { changedAssembly } from '../support/changed-assembly.ts';
import { type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';

const changed: DeploymentConfig = {
  ...loadLocalConfig(),
  clientId: 'another-client',
  serviceName: 'Renamed service',
  signingKeys: [
    { name: 'first', state: 'sign' },
    { name: 'second', state: 'publish' },
  ],
};

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const readKeyIds = async () => {
  const { keys } = Object(await (await fetch(`${service.publicUrl}/.well-known/jwks.json`)).json());
  return keys.map(({ kid }: { kid: string }) => kid);
};

describe('an update of a running environment', () => {
  test('changes the deployment, and keeps its sessions, keys and requests that have begun', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const [first] = await readKeyIds();
    const released = Promise.withResolvers<void>();
    const endHold = service.dynamodb.injectFault({ hold: released.promise });
    const { length } = service.awsCalls;
    const begun = service.userinfo(browser);
    await until('the request has begun', () => service.awsCalls.length > length);
    endHold();

    const update = service.update({ config: changed, assemblyDirectory: await cachedAssembly(changed) });
    await until('the update has begun to serve', () => service.standIn.client.clientId === 'another-client');
    expect((await new WebBrowser().open(service.url)).body).toContain('Renamed service');
    released.resolve();

    expect(await begun).toMatchObject({ status: 200 });
    await update;
    expect(await service.userinfo(browser)).toMatchObject({ status: 200 });
    expect(await readKeyIds()).toEqual([first, expect.any(String)]);
    expect((await service.signIn(new WebBrowser())).body).toContain('You are signed in');
  });

  test('leaves the deployment as it is when it fails', async () => {
    const assembly = await changedAssembly((template) => ({ ...template, Transform: 'AWS::Serverless' }));
    const update = service.update({ config: changed, assemblyDirectory: assembly.directory });
    await expect(update).rejects.toThrow('template: Transform: the local environment does not understand it');
    await assembly.remove();
    expect((await service.signIn(new WebBrowser())).body).toContain('You are signed in');
  });
});
