import type * as sdk from '@aws-sdk/client-kms';
import { AwsCommand } from '../aws/aws-service.ts';

abstract class KmsCommand<Input extends object, Output> extends AwsCommand<'kms', Input, Output> {
  readonly service = 'kms';
}

export class SignCommand extends KmsCommand<sdk.SignRequest, sdk.SignResponse> {
  readonly action = 'Sign';
}

export class GetPublicKeyCommand extends KmsCommand<sdk.GetPublicKeyRequest, sdk.GetPublicKeyResponse> {
  readonly action = 'GetPublicKey';
}
