/** An error of KMS as it goes over the wire, with KMS's name and words. */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}
