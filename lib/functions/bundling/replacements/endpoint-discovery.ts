// Takes the place of @aws-sdk/middleware-endpoint-discovery, whose cache every DynamoDB client makes and none
// of its commands uses: 9 KB.

/** Where the client would look for whether discovery is on: nowhere. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};

/** Leaves the client's configuration as it is. */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}
