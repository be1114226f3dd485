/** Thrown for a JWT of the service with a fault, and when the key for it is not available. */
export class ClientJwtError extends Error {
  override readonly name = 'ClientJwtError';
  readonly kind: 'malformed' | 'unsigned' | 'signature_invalid' | 'key_unavailable';

  constructor(kind: ClientJwtError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
