// Takes the place of @smithy/core/event-streams, which the SDK loads for operations that stream events.
// DynamoDB and KMS have none: 15 KB, and node:zlib for a checksum.

export function eventStreamSerdeProvider(): never {
  throw new Error('this bundle is made without event streams, see lib/bundling/replacements');
}

export const EventStreamSerde = eventStreamSerdeProvider;
