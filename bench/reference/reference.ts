import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Bundle, bundleWithDefaults } from '../../dev/bundling/bundle-functions.ts';
import type { FunctionProcess, FunctionSource } from '../function/function-process.ts';
import { referenceTable } from '../ground/messages.ts';
import type { Ground } from '../ground/start-ground.ts';

/** A response of the reference. */
export interface ReferenceAnswer {
  readonly status: number;
  readonly location: string | undefined;
  /** The session's cookie, of this response or else of the request. */
  readonly cookie: string | undefined;
}

/** Bundles the reference as `NodejsFunction` would. */
export async function bundleReference(directory: string): Promise<Bundle> {
  const [bundle] = await bundleWithDefaults(new Map([['reference', 'bench/reference/server.ts']]), directory);
  if (bundle === undefined) throw new Error('the reference has no bundle');
  return bundle;
}

/** The reference as something that runs in a process of its own. */
export function describeReference({ file }: Bundle, ground: Ground): FunctionSource {
  const { environment = {} } = ground.functions.find(({ name }) => name === 'callback') ?? {};
  const aws = Object.entries(environment).filter(([name]) => /^(AWS_|NODE_|LANG|TZ)/.test(name));
  return {
    file,
    exportName: 'handler',
    environment: {
      ...Object.fromEntries(aws),
      // A caller that is none of the deployment's functions may do anything.
      AWS_ACCESS_KEY_ID: 'reference',
      NODE_ENV: 'production',
      ISSUER: `${ground.urls.oneLogin}/`,
      CLIENT_ID: ground.client.id,
      PRIVATE_KEY: ground.client.privateKey,
      KEY_ID: ground.client.kid,
      PUBLIC_URL: ground.publicUrl,
      SESSIONS_TABLE: referenceTable,
    },
  };
}

/** Sends requests to the reference as a load balancer would, over one kept connection. */
export class ReferenceClient {
  readonly #process: FunctionProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #url: string | undefined;

  constructor(process: FunctionProcess) {
    this.#process = process;
  }

  /** CPU time of the process since the last time, in milliseconds. */
  async takeCpu(): Promise<number> {
    return (await this.#process.invoke(null)).cpu;
  }

  async get(path: string, cookie?: string): Promise<ReferenceAnswer> {
    this.#url ??= String((await this.#process.invoke(null)).answer);
    const outgoing = request(new URL(path, this.#url), {
      agent: this.#agent,
      headers: cookie === undefined ? {} : { cookie },
    });
    const [response]: IncomingMessage[] = await once(outgoing.end(), 'response');
    if (response === undefined) throw new Error('the reference did not respond');
    await text(response);
    const [set] = response.headers['set-cookie'] ?? [];
    return {
      status: response.statusCode ?? 0,
      location: response.headers.location,
      cookie: set === undefined ? cookie : set.replace(/;.*$/, ''),
    };
  }

  /** Begins a sign-in. @returns the path of the callback, and the cookie for it */
  async begin(ground: Ground): Promise<{ readonly path: string; readonly cookie: string | undefined }> {
    const { location = '', cookie } = expectStatus(await this.get('/auth/login'), 303);
    const { pathname, search } = new URL(await ground.authorize(location, 'maria'));
    return { path: `${pathname}${search}`, cookie };
  }

  /** @returns the cookie of a user who has signed in */
  async signIn(ground: Ground): Promise<string | undefined> {
    const { path, cookie } = await this.begin(ground);
    return expectStatus(await this.get(path, cookie), 303).cookie;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** @throws Error if the reference did something else: then its time means nothing */
export function expectStatus(answer: ReferenceAnswer, status: number): ReferenceAnswer {
  if (answer.status === status) return answer;
  throw new Error(`the reference returned ${answer.status}, not ${status}`);
}
