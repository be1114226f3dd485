/** The methods that REST APIs accept. */
const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Reads the method of a request for the log. A caller can make up others, so they are not written there. */
export function readLoggedMethod(method: string): string {
  return methods.includes(method) ? method : 'other';
}
