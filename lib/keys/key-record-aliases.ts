// Apart from `key-record.ts`, because `one-login keys` uses this without loading the CDK.
import { createHash } from 'node:crypto';
import type { SigningKeyState } from '../config/deployment-config.ts';

/** A recorded fact about a key: its state, or that it is in the JWKS, where it stays when its state changes. */
export type RecordedFact = SigningKeyState | 'jwks';

/** @returns the alias of a signing key. Names have no slashes, so that two deployments never share an alias. */
export function buildSigningKeyAlias(deployment: string, key: string): string {
  return `alias/one-login/${deployment}/${key}`;
}

/** @returns the description of a deployment's signing keys, by which `one-login keys` finds those that outlive the stack */
export function buildSigningKeyDescription(deployment: string): string {
  return `Signs requests of one-login-${deployment} to GOV.UK One Login`;
}

/** @returns the alias that exists while the fact is true */
export function buildKeyRecordAlias(deployment: string, key: string, fact: RecordedFact): string {
  return `alias/one-login/${deployment}/${key}/${fact}`;
}

/** @returns the deployment, key and fact of an alias, or undefined for other aliases */
export function readKeyRecordAlias(
  alias: string,
): { readonly deployment: string; readonly key: string; readonly fact: RecordedFact } | undefined {
  const [, deployment, key, fact] =
    /^alias\/one-login\/([a-z0-9-]+)\/([a-z0-9-]+)\/(publish|sign|retire|jwks)$/.exec(alias) ?? [];
  if (deployment === undefined || key === undefined || fact === undefined) return undefined;
  return { deployment, key, fact: fact as RecordedFact };
}

/** @returns the alias that exists while a key of another system is in the JWKS */
export function buildOtherKeyAlias(deployment: string, kid: string): string {
  // A kid can have characters that an alias cannot.
  return `alias/one-login/${deployment}/other/${createHash('sha256').update(kid).digest('hex').slice(0, 32)}`;
}
