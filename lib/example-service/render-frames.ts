import type { Language } from '../../lambdas/core/language.ts';
import type { ExampleFrames } from '../../lambdas/example-service-pages.ts';
import { stageName } from '../api/routes.ts';
import type { DeploymentConfig } from '../config/deployment-config.ts';
import {
  forEachLanguage,
  renderFrame,
  renderSignedInFrame,
  type ServiceNavigation,
} from '../pages/render-pages.ts';
import { type PageConfig, presentService } from '../pages/service-presentation.ts';
import { listProtectedPaths } from './protected-paths.ts';

const labels = {
  en: {
    navigation: 'Service menu',
    account: 'Your account',
    application: 'Your application',
    session: 'Your session',
  },
  cy: {
    navigation: 'Dewislen y gwasanaeth',
    account: 'Eich cyfrif',
    application: 'Eich cais',
    session: 'Eich sesiwn',
  },
} as const;

/** The fields of a config that the example service's pages need. */
export type ExampleServiceConfig = PageConfig & Pick<DeploymentConfig, 'publicUrl' | 'authorizers'>;

/** Renders the header and footer of the pages, and lists the paths of the API. Signed-in users see the One Login service header. */
export function renderExampleFrames(config: ExampleServiceConfig): ExampleFrames {
  return {
    apiPaths: [...listProtectedPaths(config.authorizers).keys()],
    serviceNames: forEachLanguage((language) => presentService(config, language).serviceName),
    signedOut: forEachLanguage((language) => renderFrame(config, language)),
    signedIn: forEachLanguage((language) =>
      renderSignedInFrame(config, language, buildNavigation(config, language)),
    ),
  };
}

function buildNavigation(config: ExampleServiceConfig, language: Language): ServiceNavigation {
  const label = labels[language];
  const base = config.publicUrl === undefined ? `/${stageName}` : readServicePath(config.publicUrl);
  const link = (path: string) => `${base}/${path}?lang=${language}`;
  return {
    label: label.navigation,
    home: link(''),
    items: [
      { href: link('account'), text: label.account },
      { href: link('application'), text: label.application },
      { href: link('session'), text: label.session },
    ],
  };
}

/** @returns the path of the service's URL, without a slash at the end */
function readServicePath(publicUrl: string): string {
  const { pathname } = new URL(publicUrl);
  return pathname.slice(0, pathname.lastIndexOf('/'));
}
