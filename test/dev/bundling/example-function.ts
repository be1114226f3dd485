import { createDynamoDbClient } from '../../../lambdas/adapters/dynamodb/client.ts';
import { GetItemCommand } from '../../../lambdas/adapters/dynamodb/commands.ts';
import { HttpsProviderClient } from '../../../lambdas/adapters/http/https-provider-client.ts';
import { createKmsClient } from '../../../lambdas/adapters/kms/client.ts';
import { KmsSigner } from '../../../lambdas/adapters/kms/signer.ts';

/** Calls everything that a function of this project can call. */
export async function handler(event: { readonly providerUrl: string }): Promise<unknown> {
  const key = { subject_key: { S: 'subject' } };
  const { Item: item } = await createDynamoDbClient().send(
    new GetItemCommand({ TableName: 'sessions', Key: key }),
  );
  const signature = await new KmsSigner(createKmsClient(), 'key').sign('header.payload');
  const { body } = await new HttpsProviderClient('test').send({
    endpoint: 'discovery',
    method: 'GET',
    url: event.providerUrl,
    headers: {},
  });
  return { item, signature: [...signature], body };
}
