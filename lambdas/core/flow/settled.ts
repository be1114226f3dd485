/** The value of a promise that `Promise.allSettled` waited for; throws what it was rejected with. */
export function unwrap<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
