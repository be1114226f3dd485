/** The fields of a CycloneDX document that we use. @see https://cyclonedx.org/docs/1.5/json/ */
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

/** The fields of `package-lock.json` that we use. */
export interface Lockfile {
  readonly name: string;
  /** Path → package. It has a name only if it is installed under another one. */
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly name?: string }>>;
}

/** The property with the functions that contain a package, separated by commas. */
export const bundledProperty = 'one-login-lambda:bundled-in';

/**
 * Marks the packages that are deployed. npm cannot: all packages are development dependencies, because the functions are
 * bundled. A package in a bundle gets the scope `required` and the names of the functions. All others get `excluded`,
 * CycloneDX's scope for packages that do not run.
 *
 * @param sbom npm's document of the lockfile
 * @param bundled function name → the paths of the packages in its bundle
 * @throws Error if the document lacks a package of a bundle
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
  // npm names the project after its directory.
  const component = { ...sbom.metadata.component, type: 'application', name: lockfile.name };
  return {
    ...sbom,
    metadata: { ...sbom.metadata, component },
    components: sbom.components.map((entry) => describeComponent(entry, functions.get(entry['bom-ref']))),
  };
}

function describeComponent(component: Component, functions: readonly string[] | undefined): Component {
  if (functions === undefined) return { ...component, scope: 'excluded' };
  const property = { name: bundledProperty, value: functions.join(',') };
  return { ...component, scope: 'required', properties: [...(component.properties ?? []), property] };
}

/** Returns npm's reference of the package in a directory. */
export function buildReference(directory: string, { packages }: Lockfile): string {
  const installedAs = directory.slice(directory.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { name = installedAs, version } = packages[directory] ?? {};
  return `${name}@${version}`;
}
