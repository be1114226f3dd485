/** Runs the stand-in for One Login in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import {
  type ClientRegistration,
  type StandIn,
  type StandInOptions,
  startStandIn,
} from '../stand-in/index.ts';
import { connect } from './threads/peer.ts';

/** What the thread can call. */
export type StandInOwner = { readonly onRefusal: NonNullable<StandInOptions['onRefusal']> };

/** What its owner can call. */
export type StandInThread = typeof functions;

let standIn: StandIn | undefined;

const functions = {
  start: async (options: Pick<StandInOptions, 'port' | 'client' | 'certificate'>): Promise<string> => {
    standIn = await startStandIn({ ...options, onRefusal: (refusal) => void call('onRefusal', refusal) });
    return standIn.url;
  },
  register: (client: ClientRegistration) => standIn?.register(client),
};

const call = connect<StandInOwner>(parentPort, functions);
