/** A part of a page that follows from the code. */
export interface GeneratedTable {
  /** The page, from the root of the project. */
  readonly page: string;
  /** The name of the part in the page, see `fillPage`. */
  readonly name: string;
  /** @returns Markdown */
  readonly render: () => string;
}
