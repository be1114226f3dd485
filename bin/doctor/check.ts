import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import type { Observations } from './observations.ts';
import type { Answer, Exchange } from './transport.ts';

export type Status = 'pass' | 'warn' | 'fail' | 'skip';

/** What a check came to. */
export type Finding =
  | { readonly status: 'pass'; readonly found: string }
  /** It could not be checked. */
  | { readonly status: 'skip'; readonly found: string }
  | { readonly status: 'warn' | 'fail'; readonly found: string; readonly cure: string };

export interface Expectations {
  readonly config: DeploymentConfig;
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  /** What our functions send to One Login. */
  readonly userAgent: string;
  /**
   * The API's own address up to and with `/auth`, where something stands in front of it.
   * @default not looked at
   */
  readonly apiUrl?: string;
}

/** One thing that the doctor looks at. */
export interface Check {
  /** Stays the same for ever: programs refer to it. */
  readonly id: string;
  /** What holds when it passes. */
  readonly title: string;
  /** Checks without which this one can say nothing: when one of them fails, this one is skipped. */
  readonly needs: readonly string[];
  readonly examine: (observed: Observations, expected: Expectations) => Finding | Promise<Finding>;
}

export function pass(found: string): Finding {
  return { status: 'pass', found };
}

export function skip(found: string): Finding {
  return { status: 'skip', found };
}

export function warn(found: string, cure: string): Finding {
  return { status: 'warn', found, cure };
}

export function fail(found: string, cure: string): Finding {
  return { status: 'fail', found, cure };
}

/** Complains of the first thing that is wrong, or passes. */
export function findFirst(complaints: readonly (Finding | undefined)[], passed: Finding): Finding {
  return complaints.find((complaint) => complaint !== undefined) ?? passed;
}

/** The answer of an exchange, if there is one. */
export function readAnswer(exchange: Exchange | undefined): Answer | undefined {
  return exchange !== undefined && 'answer' in exchange ? exchange.answer : undefined;
}

/** What became of an exchange, in words. */
export function describeExchange(exchange: Exchange | undefined): string {
  if (exchange === undefined) return 'it was not asked for';
  const { url } = exchange;
  const { origin, pathname } = new URL(url);
  return 'answer' in exchange
    ? `${origin}${pathname} answers ${exchange.answer.status}`
    : `${origin}${pathname} does not answer: ${exchange.failure}`;
}

/** The header's values, joined as one. */
export function readHeader(answer: Answer, name: string): string {
  return answer.headers[name]?.join(', ') ?? '';
}

/** The body as a JSON object; undefined when it is none. */
export function readJson(answer: Answer | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(answer?.body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
