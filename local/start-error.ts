/**
 * Why the local environment could not start, in words for the person who started it: what was wrong, what was
 * expected, where to look. It is printed without a stack.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** Where in the template a value is. */
export interface TemplateLocation {
  /** The resource's logical id, or the name of the section for what is in no resource. */
  readonly logicalId: string;
  /** The property's path within the resource, such as `Environment.Variables.CLIENT_ID`. */
  readonly property: string;
}

/** The template has something that the local environment does not understand. */
export class TemplateError extends StartError {
  override readonly name = 'TemplateError';

  constructor({ logicalId, property }: TemplateLocation, problem: string) {
    super(`template: ${logicalId}${property === '' ? '' : `, property ${property}`}: ${problem}`);
  }
}
