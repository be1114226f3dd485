import { describe, expect, test } from '@jest/globals';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { reserveConcurrency } from '../../../lambdas/reserve-concurrency/handler.ts';

const clock = { now: () => 0, wait: async () => {} };

describe('the custom resource of a concurrency that is reserved by default', () => {
  test.each(['Create', 'Update'] as const)('reserves it on %s', async (type) => {
    const asked: unknown[] = [];
    const putFunctionConcurrency = async (...given: unknown[]) => asked.push(given);
    const result = await reserveConcurrency({ putFunctionConcurrency, clock }, buildEvent(type));

    expect(asked).toEqual([['back-channel', 20]]);
    expect(result).toEqual({ physicalResourceId: 'back-channel', data: { Reserved: '20' } });
  });

  test('lets the deployment go on in an account that has too little to reserve any', async () => {
    const putFunctionConcurrency = refusal(
      'InvalidParameterValueException',
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
    );
    const result = await reserveConcurrency({ putFunctionConcurrency, clock }, buildEvent('Create'));

    expect(result.data).toEqual({ Reserved: '0' });
  });

  test.each([
    ['InvalidParameterValueException', 'another parameter is wrong'],
    ['ResourceNotFoundException', 'Function not found'],
    ['Error', 'UnreservedConcurrentExecution is in the message of another error'],
  ])('fails the deployment on any other refusal: %s, %s', async (name, message) => {
    const dependencies = { putFunctionConcurrency: refusal(name, message), clock };

    await expect(reserveConcurrency(dependencies, buildEvent('Create'))).rejects.toThrow(message);
  });

  test('waits for a permission that is not in force yet', async () => {
    let calls = 0;
    const putFunctionConcurrency = async () => {
      calls += 1;
      if (calls < 3) throw Object.assign(new Error('not yet'), { name: 'AccessDeniedException' });
    };
    await reserveConcurrency({ putFunctionConcurrency, clock }, buildEvent('Create'));

    expect(calls).toBe(3);
  });

  test('leaves the function alone on Delete', async () => {
    const putFunctionConcurrency = refusal('Error', 'must not be asked');
    const result = await reserveConcurrency({ putFunctionConcurrency, clock }, buildEvent('Delete'));

    expect(result).toEqual({ physicalResourceId: 'back-channel' });
  });

  test.each([
    [{ Reserved: '20' }],
    [{ FunctionName: 'back-channel' }],
    [{ FunctionName: 'back-channel', Reserved: 'many' }],
  ])('refuses the properties %j', async (properties) => {
    const putFunctionConcurrency = refusal('Error', 'must not be asked');
    const event = { ...buildEvent('Create'), ResourceProperties: { ServiceToken: '', ...properties } };

    await expect(
      reserveConcurrency({ putFunctionConcurrency, clock }, event as CloudFormationCustomResourceEvent),
    ).rejects.toThrow('FunctionName and Reserved');
  });
});

function refusal(name: string, message: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(message), { name }));
}

function buildEvent(RequestType: 'Create' | 'Update' | 'Delete') {
  return {
    RequestType,
    LogicalResourceId: 'Concurrency',
    PhysicalResourceId: 'back-channel',
    ResourceProperties: { ServiceToken: '', FunctionName: 'back-channel', Reserved: '20' },
  } as unknown as CloudFormationCustomResourceEvent;
}
