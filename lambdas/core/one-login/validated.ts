declare const validatedAs: unique symbol;

/**
 * A value that only the validate function of `Message` makes, by a cast at its end. A function that demands one
 * can't be called with what was merely received.
 */
export type Validated<Message extends string, Value> = Value & { readonly [validatedAs]: Message };
