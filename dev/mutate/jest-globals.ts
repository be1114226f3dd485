/** Stands in for `@jest/globals` in the processes of `npm run mutate`: what a test file calls registers there. */
import { ModernFakeTimers } from '@jest/fake-timers';
import { expect } from 'expect';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';
import { RegisteredTests } from './registered-tests.ts';

let registered = new RegisteredTests();

/** Returns what the next test file registers. */
export function registerAnew(): RegisteredTests {
  registered = new RegisteredTests();
  return registered;
}

type Body = (...args: never[]) => unknown;

const describeBlock = (title: string, body: () => void): void => registered.describe(title, body);
const registerTest = (title: string, body: Body): void => registered.test(title, body);

export const describe = Object.assign(describeBlock, { each: bind(describeBlock as never, false) });
export const test = Object.assign(registerTest, { each: bind(registerTest as never, false) });
export const it = test;
export const beforeAll = (body: Body): void => registered.addHook('beforeAll', body);
export const beforeEach = (body: Body): void => registered.addHook('beforeEach', body);
export const afterEach = (body: Body): void => registered.addHook('afterEach', body);
export const afterAll = (body: Body): void => registered.addHook('afterAll', body);
export { expect };

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({ global: globalThis, config: { fakeTimers: {} } as never });

export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
  useFakeTimers: timers.useFakeTimers.bind(timers),
  useRealTimers: timers.useRealTimers.bind(timers),
  advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
  getTimerCount: timers.getTimerCount.bind(timers),
  // The driver has a limit of its own for each mutant.
  setTimeout: () => undefined,
};
