import { createPublicKey } from 'node:crypto';
import type { DeploymentConfig, SigningKeyConfig } from '../../lib/config/deployment-config.ts';
import { buildSigningKeyAlias } from '../../lib/keys/key-record-aliases.ts';
import { isJsonObject, type JsonObject } from '../../local/template/json.ts';
import { objectsIn } from './expectations.ts';
import type { Observation } from './observation.ts';

const jwksPath = '/auth/.well-known/jwks.json';

/**
 * What is wrong with the keys that the deployment publishes: the JWKS of the API has the signing key and every published
 * one, with the modulus that KMS says, and the functions sign with the right one.
 */
export function checkKeys(
  { name, signingKeys }: Pick<DeploymentConfig, 'name' | 'signingKeys'>,
  observed: Observation,
): readonly string[] {
  const findId = (key: string) =>
    observed.aliases.find(({ AliasName }) => AliasName === buildSigningKeyAlias(name, key))?.['TargetKeyId'];
  const expected = signingKeys
    .filter(({ state }) => state !== 'retire')
    .map(({ name: key }) => ({ key, kid: String(findId(key)) }));
  const jwks = servedJwks(observed);
  if (jwks === undefined) return [`there is no JWKS at ${jwksPath}`];
  const missing = expected.flatMap(({ key, kid }) => {
    const found = jwks.find((jwk) => jwk['kid'] === kid);
    if (found === undefined) return [`the key ${key}, ${kid}, is not in the JWKS`];
    return found['n'] === findModulus(observed, kid) ? [] : [`the JWKS has another "n" for ${key} than KMS`];
  });
  const strange = jwks
    .filter((jwk) => !expected.some(({ kid }) => kid === jwk['kid']))
    .map((jwk) => `the JWKS has the key ${String(jwk['kid'])}, which the config does not publish`);
  return [...missing, ...strange, ...checkSigners(signingKeys, findId, observed)];
}

function checkSigners(
  signingKeys: readonly SigningKeyConfig[],
  findId: (key: string) => unknown,
  { functions }: Observation,
): readonly string[] {
  const signing = signingKeys.find(({ state }) => state === 'sign');
  const used = functions.flatMap(({ Environment }) => {
    const variables = isJsonObject(Environment) ? Environment['Variables'] : undefined;
    return isJsonObject(variables) ? (variables['SIGNING_KEY_ID'] ?? []) : [];
  });
  if (used.length === 0) return ['no function knows which key to sign with'];
  return used
    .filter((id) => id !== findId(signing?.name ?? ''))
    .map((id) => `a function signs with ${String(id)}, not with ${signing?.name}`);
}

/** The keys of the JWKS that API Gateway answers with, or undefined when it has none. */
function servedJwks({ apis }: Observation): readonly JsonObject[] | undefined {
  const method = apis
    .flatMap(({ methods }) => objectsIn(methods))
    .find(({ path, httpMethod }) => path === jwksPath && httpMethod === 'GET');
  const text = [
    'methodIntegration',
    'integrationResponses',
    '200',
    'responseTemplates',
    'application/json',
  ].reduce((value: unknown, name) => (Object(value) as Record<string, unknown>)[name], method);
  if (typeof text !== 'string') return undefined;
  return objectsIn(JSON.parse(text).keys);
}

function findModulus({ keys }: Observation, id: string): string | undefined {
  const key = keys.find(({ KeyId }) => KeyId === id)?.['PublicKey'];
  if (typeof key !== 'string') return undefined;
  const options = { key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' } as const;
  return createPublicKey(options).export({ format: 'jwk' }).n;
}

/** The deployment that the stage of each API serves: nothing of a changed API is served before that changes. */
export function servedDeployments({ apis }: Observation): readonly string[] {
  return apis.flatMap(({ stages }) => objectsIn(stages)).map(({ deploymentId }) => String(deploymentId));
}
