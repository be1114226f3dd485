import type { Page } from 'playwright-core';
import { pageAssets, renderAsset } from '../../lib/pages/static-assets/static-asset.ts';

/** Serves a page and its files to the browser. It loads nothing else. */
export async function servePage(tab: Page, publicUrl: string, html: string): Promise<void> {
  const assets = new Map(pageAssets.map(renderAsset).map((asset) => [`${publicUrl}/${asset.path}`, asset]));
  await tab.unrouteAll();
  await tab.route('**/*', (route) => {
    const url = route.request().url();
    const asset = assets.get(url);
    if (asset !== undefined) return route.fulfill({ contentType: asset.contentType, body: asset.content });
    return url === publicUrl
      ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
      : route.abort();
  });
}
