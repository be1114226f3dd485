import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { validateConfig } from '../../lib/config/validate-config.ts';
import { buildUserAgent } from '../../lib/functions/user-agent.ts';
import { buildRegistration, startOneLogin } from '../../local/stand-in.ts';
import { synthesise } from '../../local/synthesis/synthesise.ts';
import { plainPerson, type StandIn } from '../../stand-in/index.ts';
import { examine } from '../doctor/examine.ts';
import { createNetwork, type Transport } from '../doctor/transport.ts';
import { type Assembly, adaptAssembly } from './assembly.ts';
import type { Aws, StackResource } from './aws.ts';
import { CdkError } from './cdk.ts';
import type { Front } from './front.ts';
import { newKeyName, published, switched } from './key-lists.ts';
import { extractPreviousVersion, synthesisePreviousVersion } from './previous-version.ts';
import { expectSignedIn, startTraffic } from './traffic.ts';
import { Visitor } from './visitor.ts';

type ConfigFile = Readonly<Record<string, unknown>>;

/** What a rehearsal does things with. */
export interface Stage {
  /** A directory for its files. */
  readonly directory: string;
  readonly account: string;
  readonly aws: Aws;
  /** In front of the deployed API. */
  readonly front: Front;
  /** Runs a command of the CDK CLI. @throws CdkError when it fails */
  readonly cdk: (args: readonly string[]) => Promise<void>;
  /** Called after each step, with everything that was found wrong. */
  readonly report: (step: string, problems: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/** The checks of the doctor that a deployment in the emulator can't pass, see `not-emulated.ts`. */
const checksWithoutSense = [
  'tls',
  'own-address',
  'user-agent',
  'jwks-answer',
  'assets',
  'unknown-path',
  'firewall-page',
];

/**
 * Deploys a config and uses what was deployed: users sign in, prove their identity and sign out while it is upgraded,
 * while its key is switched, while its config changes and while a deployment fails. Then it is destroyed.
 *
 * @param file the content of the config file
 * @returns what the emulator does not have of it, by kind
 * @throws CdkError when a command fails that should not
 */
export async function rehearse(file: ConfigFile, stage: Stage): Promise<ReadonlyMap<string, number>> {
  const rehearsal = await Rehearsal.start(file, stage);
  try {
    return await rehearsal.run();
  } finally {
    await rehearsal.close();
  }
}

class Rehearsal {
  readonly #stage: Stage;
  readonly #oneLogin: StandIn;
  readonly #stackName: string;
  #file: ConfigFile;
  #assemblies = 0;
  #leftOut: ReadonlyMap<string, number> = new Map();
  #last: Assembly | undefined;
  #people = 0;
  #publicUrl = '';

  private constructor(file: ConfigFile, stage: Stage, oneLogin: StandIn) {
    this.#file = { ...file, account: stage.account };
    this.#stage = stage;
    this.#oneLogin = oneLogin;
    this.#stackName = buildStackName(validateConfig(file));
  }

  static async start(file: ConfigFile, stage: Stage): Promise<Rehearsal> {
    const config = validateConfig(file);
    const publicUrl = config.publicUrl ?? 'https://unknown.invalid/auth';
    const client = buildRegistration(config, publicUrl, `${stage.front.url}/auth`);
    return new Rehearsal(file, stage, await startOneLogin({ port: 0, client }));
  }

  close(): Promise<void> {
    return this.#oneLogin.close();
  }

  async run(): Promise<ReadonlyMap<string, number>> {
    const { aws, cdk, account, directory, report } = this.#stage;
    await cdk(['bootstrap', `aws://${account}/${this.#config.region}`]);
    const before = await aws.dumpLists();
    report('cdk bootstrap', before.includes('cdk-hnb659fds') ? [] : ['the account has no such stack']);

    const previous = await extractPreviousVersion(join(directory, 'previous'));
    if (previous === undefined) await this.#step('cdk deploy', () => this.#deploy());
    else {
      const assembly = await this.#nextDirectory();
      await synthesisePreviousVersion(previous, this.#file, assembly);
      await this.#step(`cdk deploy of ${previous.tag}`, () => this.#deployAssembly(assembly));
      await this.#underTraffic(`cdk deploy, an upgrade from ${previous.tag}`, () => this.#deploy());
    }
    await this.#step('a user signs in, proves their identity and signs out', () => this.#useService());
    await this.#step('a sign-out elsewhere ends the session', () => this.#signOutElsewhere());
    await this.#step('one-login doctor', () => this.#runDoctor());

    const key = newKeyName(this.#config.signingKeys);
    await this.#underTraffic(`cdk deploy, with the new key ${key} published`, () =>
      this.#deploy({ signingKeys: published(this.#config.signingKeys, key) }),
    );
    const keysBefore = await this.#listSigningKids();
    await this.#underTraffic(`cdk deploy, with ${key} signing and the previous key retired`, () =>
      this.#deploy({ signingKeys: switched(this.#config.signingKeys.slice(0, -1), key) }),
    );
    const keysAfter = await this.#listSigningKids();
    report(
      'the JWKS has the new keys',
      keysBefore.length === keysAfter.length + 1
        ? []
        : [`${keysBefore.length}, then ${keysAfter.length} keys`],
    );
    await this.#underTraffic('cdk deploy, with shorter sessions', () =>
      this.#deploy({ session: shortSession }),
    );
    await this.#step('a new session has the new lifetime', () => this.#checkLifetime());
    await this.#failDeployment();
    await this.#destroy(before);
    return this.#leftOut;
  }

  get #config(): DeploymentConfig {
    return validateConfig(this.#file);
  }

  /** Synthesises and deploys the config, changed. */
  async #deploy(changes: ConfigFile = {}, fails = false): Promise<void> {
    this.#file = { ...this.#file, ...changes };
    const directory = await this.#nextDirectory();
    await synthesise({ config: this.#config, directory, signal: this.#stage.signal });
    await this.#deployAssembly(directory, fails);
  }

  async #deployAssembly(directory: string, fails = false): Promise<void> {
    const { cdk, front } = this.#stage;
    const { issuer, coreIdentityIssuer, didId } = this.#config.provider;
    const { issuer: ours, did } = this.#oneLogin;
    const replacements = new Map([
      [issuer, ours],
      [coreIdentityIssuer, ours],
      [didId, did],
    ]);
    const assembly = await adaptAssembly(directory, this.#stackName, { replacements, fails });
    const outputs = join(directory, 'outputs.json');
    const args = ['--app', directory, '--require-approval', 'never', '--outputs-file', outputs];
    await cdk(['deploy', ...args]);
    this.#leftOut = assembly.leftOut;
    this.#last = assembly;
    const { PublicUrl, ApiUrl } = JSON.parse(await readFile(outputs, 'utf8'))[this.#stackName];
    this.#publicUrl = PublicUrl;
    front.forwardTo(new URL(ApiUrl).hostname.split('.')[0] ?? '');
    this.#oneLogin.register(buildRegistration(this.#config, PublicUrl, `${front.url}/auth`));
  }

  async #nextDirectory(): Promise<string> {
    this.#assemblies += 1;
    const directory = join(this.#stage.directory, `assembly-${this.#assemblies}`);
    await mkdir(directory);
    return directory;
  }

  /** Takes a step, and reports its failure. */
  async #step(name: string, take: () => Promise<unknown>): Promise<void> {
    const started = performance.now();
    const problem = await take().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof CdkError) throw error;
        return String(error);
      },
    );
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    this.#stage.report(`${name} (${seconds} s)`, problem === undefined ? [] : [problem]);
  }

  /** Takes a step while users come and go. None of their requests may fail, and no session may get lost. */
  async #underTraffic(name: string, take: () => Promise<void>): Promise<void> {
    const provesIdentity = this.#config.identity !== undefined;
    const waiting = this.#createVisitor();
    await waiting.signIn();
    const traffic = startTraffic(() => this.#createVisitor(), provesIdentity);
    let ended = { visits: 0, failures: [] as readonly string[] };
    try {
      await take();
    } finally {
      ended = await traffic.stop();
    }
    const lost: string[] = await expectSignedIn(waiting).then(
      () => [],
      (error: unknown) => [`a session from before was lost: ${error}`],
    );
    await waiting.signOut().catch((error: unknown) => lost.push(String(error)));
    const failures = [...new Set(ended.failures)].map((each) => `a request failed: ${each}`);
    this.#stage.report(`${name}, during ${ended.visits} visits`, [...failures, ...lost]);
  }

  #createVisitor(): Visitor {
    this.#people += 1;
    const person = plainPerson(`rehearsal-${this.#people}`, `Person ${this.#people}`);
    this.#oneLogin.addPerson(person);
    return new Visitor(
      person.id,
      { publicUrl: this.#publicUrl, oneLogin: this.#oneLogin.url },
      this.#transport,
    );
  }

  /** Sends what goes to the public address to the front. */
  get #transport(): Transport {
    const { send } = createNetwork();
    const local = `${this.#stage.front.url}/auth`;
    return {
      send: async (probe) => {
        const isOurs = probe.url.startsWith(`${this.#publicUrl}/`);
        const url = isOurs ? local + probe.url.slice(this.#publicUrl.length) : probe.url;
        return { ...(await send({ ...probe, url })), url: probe.url };
      },
      tls: async () => ({ acceptsOld: false, failure: 'the emulator has no TLS' }),
    };
  }

  async #useService(): Promise<void> {
    const visitor = this.#createVisitor();
    await visitor.signIn();
    const { identity } = await expectSignedIn(visitor);
    if (this.#config.identity !== undefined) {
      await visitor.signIn('prove-identity');
      const { identity: proved } = await expectSignedIn(visitor);
      if (Object(proved).outcome !== 'proved') throw new Error(`the identity is ${JSON.stringify(proved)}`);
    } else if (Object(identity).outcome !== 'not_requested') throw new Error(JSON.stringify(identity));
    await visitor.signOut();
  }

  async #signOutElsewhere(): Promise<void> {
    const visitor = this.#createVisitor();
    await visitor.signIn();
    const { sub } = await expectSignedIn(visitor);
    await this.#oneLogin.sendBackchannelLogout({ sub: String(sub) });
    const { status } = await visitor.userinfo();
    if (status !== 401) throw new Error(`/auth/userinfo returns ${status} after the notification`);
  }

  async #runDoctor(): Promise<void> {
    const { url, issuer, did } = this.#oneLogin;
    const provider = {
      issuer,
      coreIdentityIssuer: issuer,
      didId: did,
      discoveryUrl: `${url}/.well-known/openid-configuration`,
      didUrl: `${url}/.well-known/did.json`,
    };
    const config = { ...this.#config, environment: 'local', provider } as const;
    const publicUrl = this.#publicUrl;
    const userAgent = buildUserAgent(config.serviceUrl ?? publicUrl);
    const results = await examine({ config, publicUrl, userAgent }, this.#transport);
    const failed = results.filter(({ id, status }) => status === 'fail' && !checksWithoutSense.includes(id));
    if (failed.length > 0) throw new Error(failed.map(({ id, found }) => `${id}: ${found}`).join('; '));
  }

  async #listSigningKids(): Promise<readonly string[]> {
    const exchange = await this.#transport.send({
      method: 'GET',
      url: `${this.#publicUrl}/.well-known/jwks.json`,
    });
    const { keys } = JSON.parse('answer' in exchange ? exchange.answer.body : '{"keys":[]}');
    return keys.map(({ kid }: { readonly kid: string }) => kid);
  }

  async #checkLifetime(): Promise<void> {
    const visitor = this.#createVisitor();
    await visitor.signIn();
    const { session } = await expectSignedIn(visitor);
    const { expires_at: end } = Object(session);
    const minutes = Math.round((end - Date.now() / 1000) / 60);
    await visitor.signOut();
    if (minutes !== shortSession.absoluteMinutes) throw new Error(`it ends after ${minutes} minutes`);
  }

  /** A deployment with a new key fails when it has made the key's resources, and CloudFormation takes all of it back. */
  async #failDeployment(): Promise<void> {
    const { aws, report } = this.#stage;
    const { signingKeys } = this.#config;
    const before = this.#file;
    const kids = await this.#listSigningKids();
    const customResources = await this.#listCustomResources();
    const name = 'cdk deploy, which fails half-way and is rolled back';
    let problems: readonly string[] = ['the deployment did not fail'];
    await this.#underTraffic(name, async () => {
      const signingKeysThen = published(signingKeys, newKeyName(signingKeys));
      await this.#deploy({ signingKeys: signingKeysThen }, true).catch((error: unknown) => {
        if (!(error instanceof CdkError)) throw error;
        problems = [];
      });
    });
    this.#file = before;
    const status = await aws.readStackStatus(this.#stackName);
    if (status !== 'UPDATE_ROLLBACK_COMPLETE') problems = [...problems, `the stack is ${status}`];
    const events = await aws.listStackEvents(this.#stackName);
    const gone = events.filter(
      ({ type, logicalId, status: outcome }) =>
        type.startsWith('Custom::') && outcome === 'DELETE_COMPLETE' && !customResources.has(logicalId),
    );
    // The function of the JWKS names what it makes after the key, and CloudFormation must delete it by that name.
    for (const { logicalId, physicalId } of gone) {
      if (await aws.hasKey(physicalId)) continue;
      problems = [...problems, `${logicalId} was deleted as ${physicalId}, which is no key`];
    }
    if (gone.length === 0) problems = [...problems, 'no custom resource was rolled back'];
    if (String(await this.#listSigningKids()) !== String(kids))
      problems = [...problems, 'the JWKS is another'];
    report('the rollback', problems);
  }

  async #listCustomResources(): Promise<ReadonlyMap<string, StackResource>> {
    const resources = await this.#stage.aws.listStackResources(this.#stackName);
    return new Map(
      resources.filter(({ type }) => type.startsWith('Custom::')).map((each) => [each.logicalId, each]),
    );
  }

  async #destroy(before: string): Promise<void> {
    const { aws, cdk, report } = this.#stage;
    const resources = await aws.listStackResources(this.#stackName);
    const isKept = ({ logicalId }: StackResource) =>
      this.#last?.resources[logicalId]?.DeletionPolicy === 'Retain';
    await cdk(['destroy', '--force', '--app', this.#last?.directory ?? '']);
    const lists = await aws.dumpLists();
    const left = resources
      .filter((resource) => !isKept(resource) && !resource.type.startsWith('Custom::'))
      .filter(({ physicalId }) => isListed(physicalId, lists) && !isListed(physicalId, before))
      .map(({ type, physicalId }) => `${type} ${physicalId} is left`);
    const missing = resources
      .filter((resource) => isKept(resource) && !isListed(resource.physicalId, lists))
      .map(({ type, physicalId }) => `${type} ${physicalId} is gone, and the template keeps it`);
    const kept = resources.filter(isKept).length;
    report(`cdk destroy: ${kept === 0 ? 'nothing' : `what the template keeps, ${kept} resources,`} left`, [
      ...left,
      ...missing,
    ]);
  }
}

const shortSession = { idleMinutes: 10, absoluteMinutes: 20 };

/** Whether a list has an entry with this name, id or ARN. */
function isListed(id: string, lists: string): boolean {
  return [`"${id}"`, `>${id}<`, `/${id}"`, `/${id}<`, `:${id}"`, `:${id}<`].some((each) =>
    lists.includes(each),
  );
}
