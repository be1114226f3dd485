import { readFileSync } from 'node:fs';

/** A request to which API Gateway responded. */
export interface RecordedAnswer {
  /** Method and path, such as `GET /auth/login`. */
  readonly route: string;
  readonly status: number;
  /** The function that responded. Absent when API Gateway did. */
  readonly function?: string;
}

/** What one request of a browser, or one run of a schedule, caused. */
export interface RecordedStep {
  readonly step: string;
  readonly answers: readonly RecordedAnswer[];
  /** Functions that were invoked without a request, and whether they failed. */
  readonly runs?: Readonly<Record<string, 'returned' | 'failed'>>;
  /**
   * The values in the log lines of all functions, by metric and dimensions other than the deployment, such as
   * `started purpose=login`. Times are left out: they are those of this machine.
   */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  /** The lines of the audit trail. */
  readonly audit: number;
}

/** The steps of each visit, by its name. */
export type Recordings = Readonly<Record<string, readonly RecordedStep[]>>;

export const recordingsFile = new URL('./recordings/visits.json', import.meta.url);

export function readRecordings(): Recordings {
  return JSON.parse(readFileSync(recordingsFile, 'utf8'));
}

/** @returns the metrics of an EMF line, each with its dimensions in its name; undefined for another line */
export function readMetricLine(line: string): ReadonlyMap<string, readonly number[]> | undefined {
  const parsed = JSON.parse(line) as EmbeddedMetrics & Readonly<Record<string, unknown>>;
  const values = new Map<string, readonly number[]>();
  if (parsed._aws === undefined) return undefined;
  for (const { Dimensions, Metrics } of parsed._aws.CloudWatchMetrics) {
    for (const { Name, Unit } of Metrics) {
      if (Unit === 'Milliseconds') continue;
      for (const dimensions of Dimensions) {
        const own = dimensions.filter((each) => each !== 'deployment').sort();
        const all = [parsed[Name]].flat() as number[];
        // How old a document is depends on when it is recorded, and is worked out anew.
        const kept = Unit === 'Seconds' ? all.map(() => 0) : all;
        values.set([Name, ...own.map((each) => `${each}=${parsed[each]}`)].join(' '), kept);
      }
    }
  }
  return values;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface EmbeddedMetrics {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
    }[];
  };
}
