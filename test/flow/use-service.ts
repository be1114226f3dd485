import { afterAll, afterEach } from '@jest/globals';
import type { InvocationResult } from '../../local/functions/local-function.ts';
import { eventFormats } from '../lambdas/authorizer/support.ts';
import type { TestEnvironmentOptions } from '../support/environment.ts';
import { type Service, startService } from '../support/service.ts';
import type { WebBrowser } from '../support/web-browser.ts';

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

/** Invokes a deployed authorizer, as API Gateway does, with a request of that browser. */
export function invokeAuthorizer(
  service: Service,
  output: 'AuthorizerClCm' | 'AuthorizerClCmP2',
  { cookies }: WebBrowser,
): Promise<InvocationResult> {
  const { Outputs } = service.template as { Outputs?: Record<string, { Value?: unknown }> };
  const { 'Fn::GetAtt': [functionId] = [] } = Object(Outputs?.[output]?.Value) as { 'Fn::GetAtt'?: string[] };
  const cookie = cookies.headerFor(new URL(service.url)) ?? '';
  return service.invoke(functionId ?? '', eventFormats['REST API']({ method: 'GET', headers: { cookie } }));
}
