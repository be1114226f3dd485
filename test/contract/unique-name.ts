import { randomUUID } from 'node:crypto';

/** A name that no other test uses, so that tests may share a store. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}
