import type { WatchedDeployment } from './deployment.ts';
import type { Incident } from './incident.ts';
import type { Recordings } from './recording.ts';
import { Replayer } from './replay.ts';
import { judge, type Verdict } from './verdict.ts';

/** The seed of the table that the tests hold. */
export const usualSeed = 1;

export interface GameDay {
  readonly verdicts: readonly Verdict[];
  /** Metrics that alarms read and that no incident has. */
  readonly unwritten: readonly string[];
}

/** Replays incidents at each of their traffic. */
export function runGameDay(
  deployment: WatchedDeployment,
  recordings: Recordings,
  incidents: readonly Incident[],
  seed = usualSeed,
): GameDay {
  const replayer = new Replayer(deployment, recordings, seed);
  const verdicts = incidents.flatMap((incident) =>
    incident.traffic.map((perHour) => judge(incident, perHour, replayer.replay(incident, perHour))),
  );
  return { verdicts, unwritten: replayer.unwritten };
}
