import type { Abortable } from '../ports.ts';

/**
 * Binds the dependencies of a request to a signal, if they are {@link Abortable}. So nothing of a request goes on after
 * its response.
 *
 * @param signal aborted when the request's time is over, or when it has its response
 */
export function withSignal<Dependencies extends object>(
  dependencies: Dependencies,
  signal: AbortSignal,
): Dependencies {
  const bound = Object.entries(dependencies).map(([name, dependency]) => [
    name,
    isAbortable(dependency) ? dependency.withSignal(signal) : dependency,
  ]);
  return Object.fromEntries(bound) as Dependencies;
}

function isAbortable(dependency: unknown): dependency is Abortable<unknown> {
  return 'withSignal' in Object(dependency);
}
