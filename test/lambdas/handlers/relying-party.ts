import type { Browser } from '../../support/browser.ts';
import {
  type RelyingParty,
  type RelyingPartySettings,
  startRelyingParty,
} from '../../support/relying-party.ts';

/** The relying party of the current test, and the browser of a user. {@link start} replaces both. */
export let rp: RelyingParty;
export let browser: Browser;

export async function start(settings: RelyingPartySettings = {}): Promise<void> {
  rp = await startRelyingParty(settings);
  changeBrowser();
}

/** Replaces the browser by one without cookies. */
export function changeBrowser(): void {
  browser = rp.browser();
}
