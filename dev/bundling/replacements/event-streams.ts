// Replaces @smithy/core/event-streams (15 KB, and node:zlib for a checksum), which the SDK loads for operations that
// stream events. We use no such operation.

export function eventStreamSerdeProvider(): never {
  throw new Error('this bundle is made without event streams, see dev/bundling/replacements');
}

/** The Lambda client only calls it when it is made. */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

export const EventStreamSerde = eventStreamSerdeProvider;
