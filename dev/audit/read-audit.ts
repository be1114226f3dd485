import { MissingToolError } from '../../bin/command.ts';

/** The vulnerabilities of an audit, as sentences. */
export interface Audit {
  /** High and critical. */
  readonly grave: readonly string[];
  readonly lesser: readonly string[];
}

interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
  /** The advisories, or the names of vulnerable packages that it depends on. */
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
}

const graveSeverities: ReadonlySet<string> = new Set(['high', 'critical']);

/**
 * Reads the JSON of `npm audit`.
 *
 * @throws MissingToolError if it has no result, because the registry did not respond or has no audits
 */
export function readAudit(output: string): Audit {
  const report = parse(output);
  if (report.vulnerabilities === undefined) {
    throw new MissingToolError(
      `The dependencies were NOT audited: the registry did not respond (${report.message ?? output.slice(0, 300)})`,
    );
  }
  const all = Object.values(report.vulnerabilities);
  const isGrave = ({ severity }: Vulnerability) => graveSeverities.has(severity);
  return {
    grave: all.filter(isGrave).map(describeVulnerability),
    lesser: all.filter((vulnerability) => !isGrave(vulnerability)).map(describeVulnerability),
  };
}

function parse(output: string): {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  readonly message?: string;
} {
  try {
    return Object(JSON.parse(output));
  } catch {
    return {};
  }
}

function describeVulnerability({ name, severity, range, via }: Vulnerability): string {
  const reasons = via.map((reason) =>
    typeof reason === 'string' ? `by ${reason}` : `${reason.title}, ${reason.url}`,
  );
  return `${name} ${range}: ${severity}; ${reasons.join('; ')}`;
}
