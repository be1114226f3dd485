import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Clock } from '../core/ports.ts';
import {
  type CustomResourceResult,
  handleCustomResource,
} from '../custom-resource/handle-custom-resource.ts';
import { retryWhileAccessDenied } from '../custom-resource/retry-while-access-denied.ts';
import { type KmsPublicKey, readModulus } from './public-key.ts';

export interface PublishJwksDependencies {
  /** KMS's GetPublicKey. */
  readonly getPublicKey: (keyId: string) => Promise<KmsPublicKey>;
  readonly clock: Clock;
}

/**
 * The custom resource of one published signing key. Its property `KeyId` names the key; its attribute `n` is the
 * modulus, which the stack puts into the JWKS that API Gateway serves by itself. Deleting it does nothing: the key
 * is a resource of its own.
 */
export function createPublishJwksHandler(dependencies: PublishJwksDependencies) {
  return (event: CloudFormationCustomResourceEvent): Promise<void> =>
    handleCustomResource(event, (received) => publish(dependencies, received));
}

/** @throws Error whose message names the key and what is wrong with it */
export async function publish(
  { getPublicKey, clock }: PublishJwksDependencies,
  event: CloudFormationCustomResourceEvent,
): Promise<CustomResourceResult> {
  if (event.RequestType === 'Delete') return { physicalResourceId: event.PhysicalResourceId };
  const keyId: unknown = event.ResourceProperties['KeyId'];
  if (typeof keyId !== 'string' || keyId === '') throw new Error('the property KeyId must name a KMS key');
  try {
    const n = readModulus(await retryWhileAccessDenied(() => getPublicKey(keyId), clock));
    return { physicalResourceId: keyId, data: { n } };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    throw new Error(`the signing key ${keyId} can't be published: ${reason}`, { cause: error });
  }
}
