import { StartError } from '../start-error.ts';

/** Where in the template a value stands. */
export interface TemplateLocation {
  /** The resource's logical id, or the name of the section for what is in no resource. */
  readonly logicalId: string;
  /** The property's path within the resource, such as `Environment.Variables.CLIENT_ID`. */
  readonly property: string;
}

/** The template has something which the local environment does not understand. */
export class TemplateError extends StartError {
  override readonly name = 'TemplateError';

  constructor({ logicalId, property }: TemplateLocation, problem: string) {
    super(`template: ${logicalId}${property === '' ? '' : `, property ${property}`}: ${problem}`);
  }
}
