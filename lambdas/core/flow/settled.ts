/** Returns the value of a settled promise, or throws the reason of its rejection. */
export function unwrap<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
