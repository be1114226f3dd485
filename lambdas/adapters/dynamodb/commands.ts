import type * as sdk from '@aws-sdk/client-dynamodb';
import { AwsCommand } from '../aws/aws-service.ts';

abstract class DynamoDbCommand<Input extends object, Output> extends AwsCommand<'dynamodb', Input, Output> {
  readonly service = 'dynamodb';
}

export class GetItemCommand extends DynamoDbCommand<sdk.GetItemInput, sdk.GetItemOutput> {
  readonly action = 'GetItem';
}

export class PutItemCommand extends DynamoDbCommand<sdk.PutItemInput, sdk.PutItemOutput> {
  readonly action = 'PutItem';
}

export class UpdateItemCommand extends DynamoDbCommand<sdk.UpdateItemInput, sdk.UpdateItemOutput> {
  readonly action = 'UpdateItem';
}

export class DeleteItemCommand extends DynamoDbCommand<sdk.DeleteItemInput, sdk.DeleteItemOutput> {
  readonly action = 'DeleteItem';
}

export class QueryCommand extends DynamoDbCommand<sdk.QueryInput, sdk.QueryOutput> {
  readonly action = 'Query';
}

export class BatchGetItemCommand extends DynamoDbCommand<sdk.BatchGetItemInput, sdk.BatchGetItemOutput> {
  readonly action = 'BatchGetItem';
}

export class BatchWriteItemCommand extends DynamoDbCommand<
  sdk.BatchWriteItemInput,
  sdk.BatchWriteItemOutput
> {
  readonly action = 'BatchWriteItem';
}
