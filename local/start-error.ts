/**
 * Why the local environment could not start, in words for the person who started it: what was wrong, what was
 * expected, where to look. It is printed without a stack.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
