/** What a test file registers while it is loaded, and how it runs: the part of Jest's runner that our tests use. */

type Body = (...args: never[]) => unknown;
type HookName = 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';

interface Block {
  readonly title: string;
  readonly hooks: Record<HookName, Body[]>;
  readonly children: (Block | Registered)[];
}

interface Registered {
  readonly id: number;
  readonly title: string;
  readonly body: Body;
}

export interface Failure {
  readonly test: number;
  readonly title: string;
  readonly error: unknown;
}

export interface RunOptions {
  /** The numbers of the tests to run, all by default. */
  readonly only?: ReadonlySet<number> | undefined;
  /** Called before the hooks and the body of a test, and with nothing around the hooks of a whole block. */
  readonly enter: (test: number | undefined) => void;
  /** Called after each test: an error that arrived outside of its promise. */
  readonly takeStrayError: () => unknown;
}

const nextTurn = setImmediate;

export class RegisteredTests {
  readonly #root = createBlock('');
  #current = this.#root;
  #count = 0;

  describe(title: string, body: () => void): void {
    const outer = this.#current;
    this.#current = createBlock(title);
    outer.children.push(this.#current);
    body();
    this.#current = outer;
  }

  test(title: string, body: Body): void {
    this.#current.children.push({ id: this.#count, title, body });
    this.#count += 1;
  }

  addHook(name: HookName, body: Body): void {
    this.#current.hooks[name].push(body);
  }

  /** Runs the hooks of the file before its tests. */
  async open(): Promise<void> {
    for (const body of this.#root.hooks.beforeAll) await body();
  }

  /** Runs the hooks of the file after its tests. They cannot run any more. */
  async close(): Promise<void> {
    for (const body of this.#root.hooks.afterAll) await body();
  }

  /** Runs the tests in order. It ends at the first failure, and returns it. */
  async run(options: RunOptions): Promise<Failure | undefined> {
    for (const child of this.#root.children) {
      const failure = await this.#runChild(child, [this.#root], options);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async #runChild(
    child: Block | Registered,
    outer: readonly Block[],
    options: RunOptions,
  ): Promise<Failure | undefined> {
    if ('children' in child) return this.#runBlock(child, outer, options);
    return (options.only?.has(child.id) ?? true) ? runTest(child, outer, options) : undefined;
  }

  async #runBlock(block: Block, outer: readonly Block[], options: RunOptions): Promise<Failure | undefined> {
    if (!includesAny(block, options.only)) return undefined;
    const blocks = [...outer, block];
    options.enter(undefined);
    const begun = await runBodies(block.hooks.beforeAll, options);
    let failure = begun && describeFailure(firstTest(block), blocks, begun.error);
    for (const child of block.children) failure ??= await this.#runChild(child, blocks, options);
    options.enter(undefined);
    const ended = await runBodies(block.hooks.afterAll, options);
    return failure ?? (ended && describeFailure(firstTest(block), blocks, ended.error));
  }
}

function createBlock(title: string): Block {
  return { title, hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] }, children: [] };
}

async function runTest(
  test: Registered,
  blocks: readonly Block[],
  options: RunOptions,
): Promise<Failure | undefined> {
  options.enter(test.id);
  const before = blocks.flatMap(({ hooks }) => hooks.beforeEach);
  const after = blocks.toReversed().flatMap(({ hooks }) => hooks.afterEach);
  const failed = await runBodies([...before, test.body], options);
  const cleaned = await runBodies(after, options);
  const first = failed ?? cleaned;
  return first && describeFailure(test.id, [...blocks, test], first.error);
}

async function runBodies(
  bodies: readonly Body[],
  options: RunOptions,
): Promise<{ error: unknown } | undefined> {
  try {
    for (const body of bodies) await body();
  } catch (error) {
    return { error };
  }
  if (bodies.length === 0) return undefined;
  // Unhandled rejections arrive in the next turn.
  await new Promise<void>((resolve) => {
    nextTurn(resolve);
  });
  const error = options.takeStrayError();
  return error === undefined ? undefined : { error };
}

function describeFailure(
  test: number,
  blocks: readonly { readonly title: string }[],
  error: unknown,
): Failure {
  return { test, title: blocks.flatMap(({ title }) => (title === '' ? [] : [title])).join(' › '), error };
}

function includesAny(block: Block, only: ReadonlySet<number> | undefined): boolean {
  return block.children.some((child) =>
    'children' in child ? includesAny(child, only) : (only?.has(child.id) ?? true),
  );
}

function firstTest(block: Block): number {
  for (const child of block.children) {
    const id = 'children' in child ? firstTest(child) : child.id;
    if (id >= 0) return id;
  }
  return -1;
}
