import type { AwsSender, SendOptions } from './aws-service.ts';

/**
 * Sends the commands of the adapters by a client of the AWS SDK. Programs outside Lambda do so, because the SDK finds
 * credentials there.
 *
 * @param sdk the package of the client, which has commands with the same names and inputs
 */
export function overSdk<Service extends string>(client: { send: unknown }, sdk: object): AwsSender<Service> {
  const sender = client as { send(command: object, options?: SendOptions): Promise<never> };
  return {
    send: ({ action, input }, options) => {
      const Command = Reflect.get(sdk, `${action}Command`) as new (input: object) => object;
      return sender.send(new Command(input), options);
    },
  };
}
