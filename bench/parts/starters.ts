import { join } from 'node:path';
import { bundleWithDefaults } from '../../dev/bundling/bundle-functions.ts';
import type { FunctionSource } from '../function/function-process.ts';
import { expectStatus, ReferenceClient } from '../reference/reference.ts';
import { findRoute } from '../routes.ts';
import { buildFloorEvent, describeFloorClient, invokeRoute, type Stage } from '../stage.ts';
import type { Starter, Visit } from './cold-start.ts';

const emptyFunction = join(import.meta.dirname, '..', 'function', 'empty.mjs');

/** The functions that a user or One Login waits for. Each has a route of its name. */
export const waitedFor = [
  'login',
  'callback',
  'userinfo',
  'authorizer',
  'logout',
  'backchannel-logout',
] as const;

/**
 * Lists what starts: each function as deployed, its floor, and as bundled by the CDK's defaults, the reference with the same request where it
 * has one, and a function that does nothing.
 *
 * @param running the same reference, which makes what a request needs
 * @param includes whether a function is measured
 */
export async function listStarters(
  stage: Stage,
  reference: FunctionSource,
  running: ReferenceClient,
  includes: (name: string) => boolean,
): Promise<readonly Starter[]> {
  const entryPoints = new Map(waitedFor.map((name) => [name, `lambdas/${name}/index.ts`]));
  const byDefault = await bundleWithDefaults(entryPoints, join(stage.ground.directory, 'defaults'));
  const functions = waitedFor.filter(includes).flatMap((name): Starter[] => {
    const deployed = stage.findFunction(name);
    const prepare = async () => {
      const [first, second] = await stage.prepare(findRoute(name), 2);
      const visit =
        (event: unknown): Visit =>
        (process) =>
          invokeRoute(findRoute(name), process, event);
      return [visit(first), visit(second)] as const;
    };
    const floorEvent = buildFloorEvent(findRoute(name), stage.ground, { closing: false, delayed: false });
    const visitFloor: Visit = (process) => process.invoke(floorEvent);
    const defaults = { ...deployed, file: byDefault.find((bundle) => bundle.name === name)?.file ?? '' };
    return [
      { name, kind: 'deployed', source: deployed, prepare },
      {
        name,
        kind: 'floor',
        source: describeFloorClient(stage.ground),
        prepare: async () => [visitFloor, visitFloor],
      },
      { name, kind: 'defaults', source: defaults, prepare },
      ...listReferenceVisits(name, stage, running).map(
        (makeVisit): Starter => ({
          name,
          kind: 'reference',
          source: reference,
          prepare: async () => [await makeVisit(), await makeVisit()],
        }),
      ),
    ];
  });
  const visitEmpty: Visit = (process) => process.invoke({});
  return [
    ...functions,
    {
      name: 'empty',
      kind: 'empty',
      source: { ...stage.findFunction('userinfo'), file: emptyFunction },
      prepare: async () => [visitEmpty, visitEmpty],
    },
  ];
}

/** The one request of the reference that does what a function does, if it has one. */
function listReferenceVisits(
  name: (typeof waitedFor)[number],
  { ground }: Stage,
  running: ReferenceClient,
): readonly (() => Promise<Visit>)[] {
  const visit =
    (path: string, cookie: string | undefined, status: number): Visit =>
    async (process) => {
      const client = new ReferenceClient(process);
      expectStatus(await client.get(path, cookie), status);
      client.close();
    };
  switch (name) {
    case 'login':
      return [async () => visit('/auth/login', undefined, 303)];
    case 'callback':
      return [
        async () => {
          const { path, cookie } = await running.begin(ground);
          return visit(path, cookie, 303);
        },
      ];
    case 'userinfo':
      return [async () => visit('/auth/userinfo', await running.signIn(ground), 200)];
    default:
      return [];
  }
}
