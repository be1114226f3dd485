import type { App } from 'aws-cdk-lib/core';
import { CfnResource } from 'aws-cdk-lib/core';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';

/** A rule that a resource of a template does not meet. */
export interface Finding {
  readonly rule: string;
  /** The logical id of the resource; undefined if the rule is about the whole template. */
  readonly logicalId: string | undefined;
  readonly message: string;
}

/** A rule that need not hold, and why. */
export interface Exemption {
  readonly rule: string;
  /**
   * The paths of the resources or of constructs around them, below `OneLogin`. Each needs a finding in one of the examined
   * templates. A path without a parent is a decision about all resources below it, and about those to come.
   */
  readonly resources: readonly string[];
  /** A sentence. */
  readonly reason: string;
  /** The configs that it is for. @default all */
  readonly when?: (config: DeploymentConfig) => boolean;
}

/** A template that was examined. */
export interface Examined {
  readonly config: DeploymentConfig;
  /** Logical id → path of the construct. */
  readonly paths: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** The path of findings that are about the whole template. */
const wholeTemplate = 'template';

/** @returns logical id → path of the construct below `OneLogin`, for all resources of an app */
export function listPaths(app: App): ReadonlyMap<string, string> {
  return new Map(
    app.node
      .findAll()
      .filter((construct) => CfnResource.isCfnResource(construct))
      .map(({ stack, logicalId, node }) => [
        String(stack.resolve(logicalId)),
        node.path.split('/').slice(2).join('/'),
      ]),
  );
}

/** @returns the findings that no exemption is for, each as a line */
export function listUnexempted(
  { config, paths, findings }: Examined,
  exemptions: readonly Exemption[],
): readonly string[] {
  return findings
    .map((finding) => ({ ...finding, path: findPath(finding, paths) }))
    .filter(({ rule, path }) => !exemptions.some((exemption) => isExempted(exemption, rule, path, config)))
    .map(({ rule, path, message }) => `${rule} at ${path}: ${message}`);
}

/** @returns the exemptions that no finding needs, one line for each of their resources */
export function listUnneeded(
  examined: readonly Examined[],
  exemptions: readonly Exemption[],
): readonly string[] {
  const isNeeded = (exemption: Exemption, resource: string) =>
    examined.some(({ config, paths, findings }) =>
      findings.some((finding) =>
        isExempted({ ...exemption, resources: [resource] }, finding.rule, findPath(finding, paths), config),
      ),
    );
  return exemptions.flatMap((exemption) =>
    exemption.resources
      .filter((resource) => !isNeeded(exemption, resource))
      .map((resource) => `${exemption.rule} at ${resource}: nothing is found here`),
  );
}

function isExempted(exemption: Exemption, rule: string, path: string, config: DeploymentConfig): boolean {
  const { resources, when = () => true } = exemption;
  return (
    exemption.rule === rule &&
    resources.some((resource) => `${path}/`.startsWith(`${resource}/`)) &&
    when(config)
  );
}

function findPath({ logicalId }: Finding, paths: ReadonlyMap<string, string>): string {
  return logicalId === undefined ? wholeTemplate : (paths.get(logicalId) ?? logicalId);
}
