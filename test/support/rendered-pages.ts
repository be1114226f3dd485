import { errorPages, type PageFile, stepPages } from '../../lambdas/http/pages/page-file.ts';
import { createPages, type Pages } from '../../lambdas/http/pages/pages.ts';
import { renderPages } from '../../lib/pages/render-pages.ts';
import type { PageConfig } from '../../lib/pages/service-presentation.ts';

/** Every page that a function may show. */
export const pageNames = [...errorPages, ...stepPages];

export const pageConfig: PageConfig = {
  serviceName: 'Apply for a test',
  defaultPage: '/home',
  footerLinks: [],
  pageTexts: {},
};

let file: PageFile | undefined;

/** All pages of a service that configures nothing about them. */
export function testPages(publicUrl: string): Pages {
  return createPages(() => {
    file ??= renderPages(pageConfig, pageNames);
    return file;
  }, publicUrl);
}
