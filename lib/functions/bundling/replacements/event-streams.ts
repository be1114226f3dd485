// Takes the place of @smithy/core/event-streams, which the SDK loads for operations that stream events.
// No operation that we use has any: 15 KB, and node:zlib for a checksum.

export function eventStreamSerdeProvider(): never {
  throw new Error('this bundle is made without event streams, see lib/functions/bundling/replacements');
}

/** Lambda's client asks for it when it is made, and only then. */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

export const EventStreamSerde = eventStreamSerdeProvider;
