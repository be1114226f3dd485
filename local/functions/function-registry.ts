import type { LocalFunction } from './local-function.ts';

/** The functions of one environment. */
export class FunctionRegistry {
  readonly #functions = new Map<string, LocalFunction>();

  add(added: LocalFunction): void {
    this.#functions.set(added.logicalId, added);
  }

  get all(): readonly LocalFunction[] {
    return [...this.#functions.values()];
  }

  /** @param reference a logical id, a name or an ARN */
  find(reference: string): LocalFunction | undefined {
    return this.all.find(({ logicalId, identity: { functionName, invokedFunctionArn } }) =>
      [logicalId, functionName, invokedFunctionArn].includes(reference),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((each) => each.close()));
  }
}
