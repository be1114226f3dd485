/** How many times faster the matrix waits than a deployment does: of everything that is a limit of time. */
const factor = 5;

/** Real milliseconds of the matrix for milliseconds of a deployment. */
export function scaled(milliseconds: number): number {
  return milliseconds / factor;
}
