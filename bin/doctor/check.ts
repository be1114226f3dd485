import { type JsonObject, parseJsonObject } from '../../lambdas/core/one-login/json-object.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import type { JourneyRequest } from '../../lib/config/journeys.ts';
import type { TlsObservation } from './tls-observation.ts';
import type { Answer, Exchange } from './transport.ts';

export type Status = 'pass' | 'warn' | 'fail' | 'skip';

/** The result of a check. */
export type Finding =
  | { readonly status: 'pass'; readonly found: string }
  /** The check was not possible. */
  | { readonly status: 'skip'; readonly found: string }
  | { readonly status: 'warn' | 'fail'; readonly found: string; readonly cure: string };

export interface Expectations {
  readonly config: DeploymentConfig;
  /** The public URL up to and including `/auth`. */
  readonly publicUrl: string;
  /** The User-Agent that our functions send to One Login. */
  readonly userAgent: string;
  /**
   * The API's own address up to and including `/auth`, if something is in front of the API.
   * @default not checked
   */
  readonly apiUrl?: string | undefined;
}

export interface ObservedRequest {
  readonly request: JourneyRequest;
  readonly begin: Exchange;
  readonly authorize: Exchange | undefined;
}

/** The responses that the checks examine. */
export interface Observations {
  readonly discovery: Exchange;
  readonly providerJwks: Exchange | undefined;
  readonly did: Exchange;
  readonly jwks: Exchange;
  /** The second request for it: One Login also tries twice. */
  readonly jwksAgain: Exchange;
  readonly login: Exchange;
  /** The URL that the login redirects to, requested as the user's browser would. */
  readonly authorize: Exchange | undefined;
  /** The same for the identity request and each journey of the config. */
  readonly requests: readonly ObservedRequest[];
  readonly callback: Exchange;
  /** See `examinedAssets`. */
  readonly stylesheet: Exchange;
  readonly font: Exchange;
  /** A path that does not exist, as a browser and as a program would request it. */
  readonly unknownPage: Exchange;
  readonly unknownJson: Exchange;
  /** What a firewall refuses. Undefined if the config has no rules for it. */
  readonly attack: Exchange | undefined;
  /** HEAD of the login. */
  readonly loginHead: Exchange;
  /** The sign-out as a page of another site would request it. */
  readonly logout: Exchange;
  readonly signedOut: Exchange;
  readonly userinfo: Exchange;
  readonly backchannelLogout: Exchange;
  /** The JWKS at the API's own address. Undefined if that is not known. */
  readonly ownAddress: Exchange | undefined;
  /** Undefined if the public URL is not https. */
  readonly tls: TlsObservation | undefined;
}

/** One check of the doctor. */
export interface Check {
  /** Never changes, because programs refer to it. */
  readonly id: string;
  /** What is true if it passes. */
  readonly title: string;
  /** The checks that must pass first. If one fails, this one is skipped. */
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

/** Returns the first finding that is wrong, or the other one. */
export function findFirst(findings: readonly (Finding | undefined)[], passed: Finding): Finding {
  return findings.find((finding) => finding !== undefined) ?? passed;
}

/** Returns the response of an exchange, if there is one. */
export function readAnswer(exchange: Exchange | undefined): Answer | undefined {
  return exchange !== undefined && 'answer' in exchange ? exchange.answer : undefined;
}

/** Describes an exchange for a report. */
export function describeExchange(exchange: Exchange | undefined): string {
  if (exchange === undefined) return 'it was not requested';
  const { url } = exchange;
  const { origin, pathname } = new URL(url);
  return 'answer' in exchange
    ? `${origin}${pathname} returns ${exchange.answer.status}`
    : `${origin}${pathname} does not respond: ${exchange.failure}`;
}

/** Returns the header's values, joined. */
export function readHeader(answer: Answer, name: string): string {
  return answer.headers[name]?.join(', ') ?? '';
}

/** Returns the body as a JSON object, or undefined if it is none. */
export function readJson(answer: Answer | undefined): JsonObject | undefined {
  return parseJsonObject(answer?.body ?? '');
}
