import { afterAll, afterEach } from '@jest/globals';
import type { TestEnvironmentOptions } from '../support/environment.ts';
import { type Service, startService } from '../support/service.ts';

/** Starts a service for the tests of a file. A test that changes the stand-in changes it for itself only. */
export async function useService(options?: TestEnvironmentOptions): Promise<Service> {
  const service = await startService(options);
  afterEach(async () => {
    // A sign-out goes on in the background, and ends the sessions that the user has elsewhere.
    await service.standIn.backchannelLogoutsSettled();
    service.standIn.reset();
  });
  afterAll(() => service.close());
  return service;
}
