/** As far as it matters here of a CycloneDX document. @see https://cyclonedx.org/docs/1.5/json/ */
export interface CycloneDx {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly scope?: 'required' | 'optional' | 'excluded';
  readonly properties?: readonly Property[];
}

interface Property {
  readonly name: string;
  readonly value: string;
}

/** As far as it matters here of `package-lock.json`. */
export interface Lockfile {
  readonly name: string;
  /** Where it is installed → what it is; with a name of its own where it is installed under another. */
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly name?: string }>>;
}

/** Names the functions that a package is part of, with commas between them. */
export const bundledProperty = 'one-login-lambda:bundled-in';

/**
 * Tells what is deployed from what only builds it. npm can't: all packages are development dependencies, since the
 * functions are bundled. What a bundle has code of gets the scope `required` and the names of the functions; everything
 * else is `excluded`, CycloneDX's word for what is not part of what runs.
 *
 * @param sbom npm's document of the lockfile
 * @param bundled function name → where the packages are installed that it has code of
 * @throws Error when a bundle has code of a package that the document does not have
 */
export function describePackages(
  sbom: CycloneDx,
  lockfile: Lockfile,
  bundled: ReadonlyMap<string, ReadonlySet<string>>,
): CycloneDx {
  const functions = new Map<string, string[]>();
  for (const [name, directories] of bundled) {
    for (const directory of directories) {
      const reference = buildReference(directory, lockfile);
      functions.set(reference, [...(functions.get(reference) ?? []), name]);
    }
  }
  const known = new Set(sbom.components.map((component) => component['bom-ref']));
  const unknown = [...functions.keys()].filter((reference) => !known.has(reference));
  if (unknown.length > 0) throw new Error(`bundled, and not in npm's document: ${unknown.join(', ')}`);
  // npm names the project after the directory that it lies in.
  const component = { ...sbom.metadata.component, type: 'application', name: lockfile.name };
  return {
    ...sbom,
    metadata: { ...sbom.metadata, component },
    components: sbom.components.map((entry) => describe(entry, functions.get(entry['bom-ref']))),
  };
}

function describe(component: Component, functions: readonly string[] | undefined): Component {
  if (functions === undefined) return { ...component, scope: 'excluded' };
  const property = { name: bundledProperty, value: functions.join(',') };
  return { ...component, scope: 'required', properties: [...(component.properties ?? []), property] };
}

/** npm's name of what is installed in a directory. */
export function buildReference(directory: string, { packages }: Lockfile): string {
  const installedAs = directory.slice(directory.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { name = installedAs, version } = packages[directory] ?? {};
  return `${name}@${version}`;
}
