/**
 * Writes the input of a command in AWS's JSON, in which bytes are base64.
 *
 * @throws TypeError for a value that JSON would lose, such as a `Set` or a `Date`
 */
export function writeAwsJson(input: object): string {
  return JSON.stringify(input, function (this: Record<string, unknown>, name: string, value: unknown) {
    // A Buffer has become something else in `value`.
    const original = this[name];
    if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
    const isPlain = Object(original) !== original || Array.isArray(original) || isRecord(original);
    if (!isPlain) throw new TypeError(`the input of a request to AWS has a "${name}" that is not understood`);
    return value;
  });
}

/**
 * Reads a response in AWS's JSON. JSON of another type than an object has none of the fields that adapters look for.
 *
 * @param byteFields the names of the fields with bytes
 * @returns undefined if it is not JSON
 */
export function readAwsJson(
  body: Buffer,
  byteFields: readonly string[],
): Record<string, unknown> | undefined {
  const makeBytes = (name: string, value: unknown) =>
    typeof value === 'string' && byteFields.includes(name)
      ? new Uint8Array(Buffer.from(value, 'base64'))
      : value;
  try {
    return Object(JSON.parse(body.toString(), makeBytes));
  } catch {
    // The error quotes the response.
    return undefined;
  }
}

function isRecord(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
