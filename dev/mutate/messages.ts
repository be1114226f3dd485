/** What the driver and the processes that run tests send to each other. */

/** The first message to a process. */
export interface Start {
  readonly root: string;
  /** The test file, from `root`. */
  readonly test: string;
  readonly code: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** What an earlier process with this file found. Without it, the tests run first without a mutant. */
  readonly known?: Loaded;
}

/** To run tests with one mutant. */
export interface Order {
  readonly mutant: string;
  /** The numbers of the tests that reach it; all by default. */
  readonly tests?: readonly number[];
  /** How often the tests may pass the mutant before it counts as endless. */
  readonly hitLimit: number;
  /** Whether the mutant works while modules are loaded, so that they must be loaded anew. */
  readonly reload: boolean;
}

export interface Coverage {
  /** How often each mutant was passed outside of tests, or in what a test does only once. */
  readonly static: Readonly<Record<string, number>>;
  /** By the number of the test, or `all` for hooks of blocks. */
  readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Loaded {
  readonly kind: 'loaded';
  /** The first test that fails without a mutant, and why. */
  readonly failure: string | undefined;
  /** Milliseconds. */
  readonly loading: number;
  /** Milliseconds by the number of the test. */
  readonly times: readonly number[];
  /** Whether the tests pass a second time, with the same modules. */
  readonly repeatable: boolean;
  readonly coverage: Coverage;
}

/** The result of an order. `spoiled`: the test fails without the mutant as well, or not each time. */
export type Outcome =
  | { readonly kind: 'survived' }
  | { readonly kind: 'spoiled' }
  | { readonly kind: 'killed'; readonly by: string; readonly endless: boolean };
