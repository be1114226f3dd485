/** A request to `/control` that can't be carried out. The message is sent back. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: 400 | 403 | 404 | 405 | 409;

  constructor(status: ControlError['status'], message: string) {
    super(message);
    this.status = status;
  }
}
