/** They clean up after a request, so they run even when its time is over, see `ports.ts`. */
const cleaningUp: readonly unknown[] = ['withdraw', 'releaseRefresh'];

/**
 * A port in memory, bound to a signal: once that is aborted, no other method does anything, and what is under way rejects.
 *
 * @param port whose methods all return promises
 */
export function untilAborted<Port extends object>(port: Port, signal: AbortSignal): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || cleaningUp.includes(name)) return bind(member, target);
      return async (...parameters: readonly unknown[]) => {
        signal.throwIfAborted();
        const { promise: aborted, reject } = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => reject(signal.reason));
        return Promise.race([Reflect.apply(member, target, parameters), aborted]);
      };
    },
  });
}

function bind(member: unknown, target: object): unknown {
  return typeof member === 'function' ? member.bind(target) : member;
}
