import type { Observation } from '../../../bin/rehearse/observation.ts';

/** An account with nothing in it but what is given. */
export function observed(things: Partial<Observation> = {}): Observation {
  return {
    stacks: [],
    tables: [],
    keys: [],
    aliases: [],
    functions: [],
    roles: [],
    apis: [],
    logGroups: [],
    rules: [],
    parameters: [],
    webAcls: [],
    domainNames: [],
    certificates: [],
    secrets: [],
    alarms: [],
    dashboards: [],
    queues: [],
    topics: [],
    ...things,
  };
}
