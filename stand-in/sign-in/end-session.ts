import type { Provider } from '../provider.ts';
import type { BrowserSession } from './browser-sessions.ts';

/**
 * Ends the session of one browser, and tells the service: once for every code that the session got, so that one
 * user may cause several notifications. Other browsers of the same user stay signed in.
 */
export function endBrowserSession(session: BrowserSession, provider: Provider): void {
  provider.sessions.end(session);
  tellOfLogout(session, provider);
}

/** Tells the service of what the session was used for so far, and forgets it. */
export function tellOfLogout(session: BrowserSession, provider: Provider): void {
  const subjects = session.toldOnLogout;
  session.toldOnLogout = [];
  for (const sub of subjects) provider.backchannelLogout.notify(sub);
}
