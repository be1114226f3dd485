// Replaces @aws-sdk/middleware-endpoint-discovery (9 KB): every DynamoDB client makes its cache, and no command that we
// use reads it.

/** The settings that switch discovery on: none. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};

/** Does not change the client's configuration. */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}
