import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { environmentVariables } from '../../../lambdas/environment.ts';
import { type StubAws, startStubAws } from '../adapters/stub-aws.ts';
import { eventFormats, publicUrl } from './support.ts';

const environment = {
  [environmentVariables.deployment]: 'licences',
  [environmentVariables.publicUrl]: publicUrl,
  [environmentVariables.cookieName]: '',
  [environmentVariables.sessionsTable]: 'the-sessions',
  [environmentVariables.sessionIdleSeconds]: '3600',
  [environmentVariables.authorizerLevel]: 'Cl.Cm',
  [environmentVariables.authorizerClaims]: '[]',
  [environmentVariables.authorizerStepUp]: 'login',
  [environmentVariables.authorizerTrustedOrigins]: '[]',
};
const previous = { ...process.env };

let dynamoDb: StubAws;
let authorizer: typeof import('../../../lambdas/authorizer/index.ts');
beforeAll(async () => {
  dynamoDb = await startStubAws(() => ({ status: 200, body: { ConsumedCapacity: {} } }));
  Object.assign(process.env, dynamoDb.environment, environment);
  authorizer = await import('../../../lambdas/authorizer/index.ts');
});
afterAll(async () => {
  process.env = previous;
  await dynamoDb.stop();
});

const read = { operation: 'GetItem', input: { TableName: 'the-sessions' } };

test('an authorizer reads from the table of its environment before the first request', () => {
  expect(dynamoDb.requests[0]).toMatchObject(read);
  expect(dynamoDb.requests[0]?.input['Key']).toEqual({ subject_key: { S: '-' }, item: { S: 'session#-' } });
});

test('an authorizer writes the deployment and the level of its environment into its log, and how long DynamoDB took', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const Cookie = `__Host-one-login-session=${'a'.repeat(43)}.${'b'.repeat(43)}`;
  const answer = authorizer.handler(eventFormats['REST API']({ headers: { Cookie } }));
  const outcome = await answer.catch((error: unknown) => error);
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  written.mockRestore();

  expect(outcome).toEqual(new Error('Unauthorized'));
  expect(dynamoDb.requests.at(-1)).toMatchObject(read);
  expect(lines).toContainEqual(
    expect.objectContaining({ route: 'authorizer Cl.Cm', code: 'login_required' }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ deployment: 'licences', dynamodb_latency: expect.any(Array) }),
  );
});
