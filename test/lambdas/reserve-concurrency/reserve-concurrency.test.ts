import { describe, expect, jest, test } from '@jest/globals';
import { reserveConcurrency } from '../../../lambdas/reserve-concurrency/handler.ts';
import { createAccessDenied, createCustomResourceEvent } from '../../support/custom-resources.ts';
import { TestClock } from '../../support/test-clock.ts';

type PutFunctionConcurrency = Parameters<typeof reserveConcurrency>[0]['putFunctionConcurrency'];

const back = { FunctionName: 'back-channel', Reserved: '20' };
const reserve = (
  type: 'Create' | 'Update' | 'Delete',
  putFunctionConcurrency: PutFunctionConcurrency,
  properties: Readonly<Record<string, unknown>> = back,
) =>
  reserveConcurrency(
    { putFunctionConcurrency, clock: new TestClock() },
    createCustomResourceEvent(type, properties),
  );

const refuse = (name: string, message: string) => () =>
  Promise.reject(Object.assign(new Error(message), { name }));
const mustNotBeCalled = refuse('Error', 'must not be called');

describe('the custom resource of a reserved concurrency', () => {
  test.each(['Create', 'Update'] as const)('reserves it at %s', async (type) => {
    const put = jest.fn<PutFunctionConcurrency>().mockResolvedValue(undefined);
    const result = await reserve(type, put);

    expect(put.mock.calls).toEqual([['back-channel', 20]]);
    expect(result).toEqual({ physicalResourceId: 'back-channel', data: { Reserved: '20' } });
  });

  test('does not fail the deployment in an account that has too little to reserve any', async () => {
    const result = await reserve(
      'Create',
      refuse(
        'InvalidParameterValueException',
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
      ),
    );

    expect(result.data).toEqual({ Reserved: '0' });
  });

  test.each([
    ['InvalidParameterValueException', 'another parameter is wrong'],
    ['ResourceNotFoundException', 'Function not found'],
    ['Error', 'UnreservedConcurrentExecution is in the message of another error'],
  ])('fails the deployment on any other refusal: %s, %s', async (name, message) => {
    await expect(reserve('Create', refuse(name, message))).rejects.toThrow(message);
  });

  test('waits for a permission that is not in force yet', async () => {
    const put = jest.fn<PutFunctionConcurrency>().mockResolvedValue(undefined);
    for (let i = 0; i < 2; i += 1) put.mockRejectedValueOnce(createAccessDenied());
    await reserve('Create', put);

    expect(put).toHaveBeenCalledTimes(3);
  });

  test('does not change the function at Delete', async () => {
    expect(await reserve('Delete', mustNotBeCalled)).toEqual({ physicalResourceId: 'thing' });
  });

  test.each([{ Reserved: '20' }, { FunctionName: 'back-channel' }, { ...back, Reserved: 'many' }])(
    'refuses the properties %j',
    async (properties) => {
      await expect(reserve('Create', mustNotBeCalled, properties)).rejects.toThrow(
        'FunctionName and Reserved',
      );
    },
  );
});
