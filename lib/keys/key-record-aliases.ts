import type { SigningKeyState } from '../config/deployment-config.ts';

/** What is recorded of a key: its state, and that it is in the JWKS, which outlives the switch from state to state. */
export type RecordedFact = SigningKeyState | 'jwks';

/** The alias by which a signing key is found. Neither name has a slash, so that no two deployments make the same one. */
export function signingKeyAlias(deployment: string, key: string): string {
  return `alias/one-login/${deployment}/${key}`;
}

/** The alias that exists for as long as the fact holds. */
export function keyRecordAlias(deployment: string, key: string, fact: RecordedFact): string {
  return `alias/one-login/${deployment}/${key}/${fact}`;
}

/** @returns the deployment, key and fact that an alias records, or undefined when it records none */
export function readKeyRecordAlias(
  alias: string,
): { readonly deployment: string; readonly key: string; readonly fact: RecordedFact } | undefined {
  const [, deployment, key, fact] =
    /^alias\/one-login\/([a-z0-9-]+)\/([a-z0-9-]+)\/(publish|sign|retire|jwks)$/.exec(alias) ?? [];
  if (deployment === undefined || key === undefined || fact === undefined) return undefined;
  return { deployment, key, fact: fact as RecordedFact };
}
