import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { App, Stack } from 'aws-cdk-lib/core';
import { describeDenial } from '../../lambdas/authorizer/denials.ts';
import { languages } from '../../lambdas/core/language.ts';
import { renderPage } from '../../lambdas/http/pages/page.ts';
import { errorPages, type PageName, stepPages } from '../../lambdas/http/pages/page-file.ts';
import { AuthorizerGatewayResponses } from '../../lib/api/authorizer-gateway-responses.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { renderPages } from '../../lib/pages/render-pages.ts';
import { synthesiseTemplate } from '../synthesise-template.ts';

/** A page of a deployment. */
export interface DeploymentPage {
  readonly name: string;
  /** `en-cy` for a page that has both languages. */
  readonly language: string;
  readonly html: string;
}

/** Values that depend on the request. */
const reference = '4d5c1e0a';
const context: Readonly<Record<string, string>> = {
  requestId: '4d5c1e0a-3c3e-4b5e-9d55-6f7c5a1e0b42',
  httpMethod: 'GET',
};

/**
 * Renders every page that a deployment can show, as its config has it.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function renderDeploymentPages(
  config: DeploymentConfig,
  publicUrl: string,
): readonly DeploymentPage[] {
  return [...renderFunctionPages(config, publicUrl), ...renderGatewayPages({ ...config, publicUrl })];
}

function renderFunctionPages(config: DeploymentConfig, publicUrl: string): readonly DeploymentPage[] {
  const names = [...errorPages, ...stepPages].filter((name) => config.identity || !isForIdentity(name));
  const file = renderPages(config, names);
  const values = { publicUrl, actionUrl: `${publicUrl}/login`, languageUrl: publicUrl, reference };
  return names.flatMap((name) =>
    languages.map((language) => ({ name, language, html: renderPage(file, name, language, values) })),
  );
}

function isForIdentity(name: PageName): boolean {
  return name.startsWith('identity-') || name === 'in-person-return';
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/** Renders the pages that API Gateway shows without a function. They are in the template. */
function renderGatewayPages(
  config: DeploymentConfig & { readonly publicUrl: string },
): readonly DeploymentPage[] {
  const denial = describeDenial('insufficient_identity', {
    stepUp: 'prove-identity',
    publicUrl: config.publicUrl,
  });
  const values = new Map([
    ...Object.entries(context),
    ...Object.entries(denial).map(([name, value]) => [`authorizer.${name}`, value] as const),
  ]);
  const templates = [
    synthesiseTemplate<Template>(config),
    ...(config.authorizers.length === 0 ? [] : [synthesiseAuthorizedApi(config)]),
  ];
  const pages = templates.flatMap(({ Resources: resources }) =>
    Object.values(resources).flatMap(({ Type, Properties: { ResponseType, ResponseTemplates } = {} }) => {
      if (Type !== 'AWS::ApiGateway::GatewayResponse') return [];
      const { 'text/html': html }: { 'text/html'?: string } = Object(ResponseTemplates);
      const insert = (whole: string, name: string) => values.get(name) ?? whole;
      const name = `gateway-${String(ResponseType).toLowerCase().replaceAll('_', '-')}`;
      return html === undefined
        ? []
        : [{ name, language: 'en-cy', html: html.replaceAll(/\$context\.([A-Za-z_.]+)/g, insert) }];
    }),
  );
  // Several responses have the same page.
  return [...new Map(pages.map((page) => [page.html, page])).values()];
}

/** Synthesises an API of the service whose methods use the authorizers. */
function synthesiseAuthorizedApi(config: DeploymentConfig & { readonly publicUrl: string }): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'one-login-lambda-api-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    const stack = new Stack(app, 'Service');
    const restApi = new RestApi(stack, 'Api');
    restApi.root.addMethod('GET');
    const { publicUrl, serviceName, serviceNameWelsh, defaultPage, contact, phaseBanner, footerLinks } =
      config;
    new AuthorizerGatewayResponses(stack, 'Responses', {
      restApi,
      publicUrl,
      serviceName,
      defaultPage,
      footerLinks,
      ...(serviceNameWelsh === undefined ? {} : { serviceNameWelsh }),
      ...(contact === undefined ? {} : { contact }),
      ...(phaseBanner === undefined ? {} : { phaseBanner }),
    });
    return app.synth().getStackByName(stack.stackName).template;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
