import type { DeploymentConfig } from '../../config/deployment-config.ts';
import { renderAsset, type StaticAsset, serviceAssets } from './static-asset.ts';

const minute = 60_000;

/** Renders the files of the session timeout dialog, with the times of a deployment. */
export function renderServiceAssets({ session }: Pick<DeploymentConfig, 'session'>): readonly StaticAsset[] {
  const times = computeTimes(session);
  return serviceAssets.map(renderAsset).map((asset) => {
    if (asset.name !== 'session-timeout.js') return asset;
    const script = Object.entries(times).reduce(
      (text, [name, milliseconds]) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), String(milliseconds)),
      asset.content.toString(),
    );
    return { ...asset, content: Buffer.from(script) };
  });
}

/**
 * Computes the values that the script declares, in milliseconds. A short session has a shorter warning, and the dialog does
 * not open on every page.
 */
function computeTimes({ idleMinutes, absoluteMinutes }: DeploymentConfig['session']) {
  const lifetime = Math.min(idleMinutes, absoluteMinutes) * minute;
  return {
    WARNING: Math.min(5 * minute, lifetime / 3),
    // Browsers let the timers of hidden pages run once a minute.
    MARGIN: Math.min(minute, lifetime / 20),
    // See `lambdas/core/session/lifetimes.ts`.
    LEAST_GAIN: (idleMinutes * minute) / 10,
  };
}
