/**
 * The session timeout dialog, which the pages of a service load. It warns users before their session ends, lets them stay
 * signed in, and signs them out of One Login at the end. See docs/session-timeout.md.
 *
 * The server decides: the script reads the session again before it opens the dialog or leaves the page. So activity in other
 * tabs counts, and so does the time that a laptop sleeps. Each response shows how far the browser's clock is from the server's.
 */
import { createDialog, type TimeoutTexts } from './timeout-dialog.ts';

/** The texts in both languages. */
declare const TEXTS: Readonly<Record<'en' | 'cy', TimeoutTexts>>;
/** How long the dialog warns, in milliseconds. */
declare const WARNING: number;
/** How long before the session ends the user is signed out, in milliseconds. */
declare const MARGIN: number;
/** The least time that activity must add to a session, or it adds none, in milliseconds. */
declare const LEAST_GAIN: number;

/** When the session ends, in milliseconds of this browser's clock. */
interface End {
  readonly endsAt: number;
  /** Whether activity can't move the end. */
  readonly isFixed: boolean;
}

const { src } = document.currentScript as HTMLScriptElement;
/** The server's date has no milliseconds. */
const precision = 2_000;
const retryAfter = 15_000;

function start(): void {
  const language = /^cy\b/i.test(document.documentElement.lang) ? 'cy' : 'en';
  const buildUrl = (path: string) => new URL(`../${path}`, src).href;
  const signOutUrl = buildUrl(`logout?lang=${language}`);
  /** Connects the tabs. A message is the end of the session, or `null` when its tab signs out. */
  const channel = new BroadcastChannel(src);
  const dialog = createDialog(TEXTS[language], signOutUrl, {
    stay: () => {
      isStaying = true;
      ask();
    },
    signOut: () => channel.postMessage(null),
  });

  /** Undefined until the server has shown that the user is signed in. */
  let end: End | undefined;
  /** Whether the dialog has been opened for this end. */
  let isWarned = false;
  /** Whether the user wants to stay and the server has not done it yet. */
  let isStaying = false;
  /** Whether another tab signs out. */
  let isFollowing = false;
  /** Whether this page is on its way to the sign-out. */
  let isLeaving = false;
  /** Whether the last response was 401. */
  let isRefused = false;
  let requests = 0;
  let beat = 0;
  /** No request is sent without the user before this time of `performance.now()`. */
  let pausedUntil = 0;
  let drift = 0;

  /** Changes only when a clock is set or the computer sleeps. */
  const readDrift = () => Date.now() - performance.now();
  const readTimeLeft = () => (end ? end.endsAt - MARGIN - Date.now() : 0);
  const pause = (milliseconds: number) => {
    pausedUntil = performance.now() + milliseconds;
  };
  const stop = () => clearInterval(beat);
  const run = () => {
    stop();
    beat = setInterval(check, 1_000);
  };

  /** Runs each second. */
  function check(): void {
    const left = readTimeLeft();
    dialog.count(left);
    const isDue =
      left <= 0 ||
      (left <= WARNING && !isWarned) ||
      isStaying ||
      isFollowing ||
      isRefused ||
      Math.abs(readDrift() - drift) > 5_000;
    if (isDue && performance.now() >= pausedUntil) ask();
  }

  /** Reads the session. A request without `peek` counts as activity. If it fails, `check` repeats it. */
  async function ask(): Promise<void> {
    if (isLeaving) return;
    const request = ++requests;
    pause(retryAfter);
    drift = readDrift();
    try {
      const response = await fetch(buildUrl(isStaying ? 'userinfo' : 'userinfo?peek=1'), {
        signal: AbortSignal.timeout?.(10_000) ?? null,
      });
      const found = response.ok ? readEnd(await response.json(), response.headers.get('date')) : undefined;
      // Only the latest request counts.
      if (request !== requests) return;
      if (response.status === 401) return refuse();
      if (found) return confirm(found);
    } catch {}
    if (request === requests && isStaying) dialog.showProblem();
  }

  /** Times of the response are seconds of the server's clock. */
  function readEnd(
    { session }: { session: { expires_at: number; idle_expires_at: number } },
    date: string | null,
  ): End {
    const now = Date.now();
    const ahead = now - (Date.parse(date ?? '') || now);
    return {
      endsAt: Math.min(session.idle_expires_at, session.expires_at) * 1_000 + ahead,
      isFixed: (session.expires_at - session.idle_expires_at) * 1_000 < LEAST_GAIN,
    };
  }

  function confirm(found: End): void {
    if (!end) listen();
    end = found;
    isFollowing = isRefused = false;
    pause(0);
    run();
    channel.postMessage(end);
    show();
    isStaying &&= isWarned && !end.isFixed;
    if (isStaying) {
      dialog.showProblem();
      pause(retryAfter);
    }
  }

  function refuse(): void {
    if (!end) {
      // No user was signed in on this page.
      stop();
    } else if (!isRefused) {
      // A sign-in in another tab may be replacing the session.
      isRefused = true;
      pause(2_000);
    } else if (!isFollowing && Date.now() >= end.endsAt) {
      // At One Login it may not have expired.
      leave();
    } else {
      // A sign-out has ended it.
      stop();
      location.assign(buildUrl(`signed-out?lang=${language}`));
    }
  }

  /** Opens or closes the dialog, or leaves. */
  function show(): void {
    const left = readTimeLeft();
    if (left < precision) {
      leave();
    } else if (left > WARNING + precision) {
      isWarned = false;
      dialog.close();
    } else {
      dialog.show(left, end?.isFixed ?? false, !isWarned);
      isWarned = true;
    }
  }

  /** Signs out in one tab only, so that One Login gets the session's ID token and sends the user back. */
  function leave(): void {
    navigator.locks.request(src, { ifAvailable: true }, async (lock) => {
      if (!lock) return follow();
      isLeaving = true;
      stop();
      channel.postMessage(null);
      location.assign(signOutUrl);
      // The page keeps the lock until it is gone. It stays if it asks the user for confirmation, and they choose to stay.
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      isLeaving = false;
    });
  }

  /** Leaves the other tab time to sign out. */
  function follow(): void {
    isFollowing = true;
    requests++;
    pause(5_000);
  }

  function listen(): void {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = buildUrl('assets/session-timeout.css');
    document.head.append(link);
    channel.onmessage = ({ data }: MessageEvent<End | null>) => {
      if (!data) return follow();
      end = data;
      // A tab that the browser had frozen gets old messages first. `check` reads the session before the page is left.
      if (readTimeLeft() >= precision) show();
    };
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) ask();
    });
    window.addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return;
      isLeaving = false;
      ask();
    });
  }

  run();
  ask();
}

// Safari 15.4 was the last browser to get these. A frame leaves the dialog to the page around it.
if (window.top === window && window.HTMLDialogElement && window.BroadcastChannel && navigator.locks) {
  if ((document as Document & { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', start, { once: true });
  } else {
    start();
  }
}
