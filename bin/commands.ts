import type { Command } from 'commander';

interface Entry {
  /** For the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** A command loads only if it is used, because some take a second to load. */
export const commands: Readonly<Record<string, Entry>> = {
  init: { summary: 'start a project: config, CDK app and pipeline', load: () => import('./init.ts') },
  local: {
    summary: 'run a deployment on this machine, with a stand-in for One Login',
    load: () => import('./local.ts'),
  },
  check: { summary: 'check a config file', load: () => import('./check.ts') },
  synth: { summary: 'write the CloudFormation template', load: () => import('./synth.ts') },
  doctor: { summary: 'check a live deployment from outside', load: () => import('./doctor.ts') },
  register: { summary: 'print what to register at One Login', load: () => import('./register.ts') },
  keys: {
    summary: 'show the signing keys, and the next step of a rotation',
    load: () => import('./keys.ts'),
  },
  revoke: { summary: 'end the sessions of a user, or of all users', load: () => import('./revoke.ts') },
  cost: { summary: 'estimate the cost of a month', load: () => import('./cost.ts') },
  screenshots: { summary: 'take pictures of every page', load: () => import('./screenshots.ts') },
  rehearse: { summary: 'deploy into an emulated AWS on this machine', load: () => import('./rehearse.ts') },
  smoke: {
    summary: 'deploy into a sandbox account, examine it, destroy it and write a report',
    load: () => import('./smoke.ts'),
  },
};
