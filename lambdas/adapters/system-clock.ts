import { setTimeout } from 'node:timers/promises';
import type { Abortable, Clock } from '../core/ports.ts';

export class SystemClock implements Clock, Abortable<Clock> {
  now(): number {
    return Date.now();
  }

  async wait(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds);
  }

  withSignal(signal: AbortSignal): Clock {
    return {
      now: () => this.now(),
      wait: async (milliseconds) => {
        await setTimeout(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
      },
    };
  }
}
