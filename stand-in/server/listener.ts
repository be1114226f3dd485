import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { applyFault, endpointNames, endpointPaths, type NoAnswer } from '../behaviour/endpoint-fault.ts';
import { pageRefusal } from '../pages/plain-pages.ts';
import type { Provider } from '../provider.ts';
import {
  type Answer,
  BodyTooLarge,
  jsonAnswer,
  type Received,
  readRequest,
  splitUrl,
  withHeader,
} from './message.ts';
import { headerText, Refusal } from './refusal.ts';
import type { RequestLogEntry } from './request-log.ts';
import { routes } from './routes.ts';

/** The limit for a query string in characters. It is higher at `/authorize`, which gets the request object. */
const queryLimits = { authorize: 4096, other: 2048 } as const;

/** The response of the web application firewall in front of One Login. */
const forbidden = jsonAnswer(403, { message: 'Forbidden' });

/**
 * Handles a request: log, firewall, the fault of its endpoint, the endpoint.
 *
 * @param control handles the requests below `/control`, which are not logged and not behind the firewall
 */
export function createListener(
  provider: Provider,
  control: (received: Received) => Promise<Answer>,
): RequestListener {
  return (message, response) => {
    const [path] = splitUrl(message.url ?? '/');
    if (path === '/control' || path.startsWith('/control/')) {
      void serve(message, response, control);
      return;
    }
    const entry = provider.requests.begin(message, path, provider.clock.now());
    response.once('close', () => {
      if (entry.endedAt === undefined) provider.requests.end(entry, undefined, provider.clock.now());
    });
    void serve(
      message,
      response,
      (received) => answerOrRefuse(received, entry, provider),
      (status) => provider.requests.end(entry, status, provider.clock.now()),
    );
  };
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  handle: (received: Received) => Promise<Answer | NoAnswer>,
  beforeSending: (status: number) => void = () => {},
): Promise<void> {
  const answer = await readAndHandle(message, handle);
  if (answer === 'hang' || response.destroyed) return;
  if (answer === 'reset') {
    message.socket.resetAndDestroy();
    return;
  }
  beforeSending(answer.status);
  response.writeHead(answer.status, answer.headers as Record<string, string | string[]>);
  response.end(answer.body);
}

async function readAndHandle(
  message: IncomingMessage,
  handle: (received: Received) => Promise<Answer | NoAnswer>,
): Promise<Answer | NoAnswer> {
  try {
    return await handle(await readRequest(message));
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      return jsonAnswer(413, { message: error.message }, { connection: 'close' });
    }
    if (message.destroyed && !message.complete) return 'hang';
    return jsonAnswer(500, { message: `the stand-in failed: ${(error as Error).message}` });
  }
}

async function answerOrRefuse(
  received: Received,
  entry: RequestLogEntry,
  provider: Provider,
): Promise<Answer | NoAnswer> {
  try {
    return await answerRequest(received, provider);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : buildFailure(error);
    entry.refusal = refusal.code;
    provider.refusals.add({
      at: provider.clock.now(),
      method: received.method,
      path: received.path,
      code: refusal.code,
      reason: refusal.message,
      status: refusal.answer.status,
    });
    return withHeader(refusal.answer, 'stand-in-reason', headerText(`${refusal.code}: ${refusal.message}`));
  }
}

/** For example a fault that needs a rotation of keys first. */
function buildFailure(error: unknown): Refusal {
  const reason = `the stand-in failed: ${(error as Error).message}`;
  return new Refusal('stand_in_failed', reason, jsonAnswer(500, { message: reason }));
}

async function answerRequest(received: Received, provider: Provider): Promise<Answer | NoAnswer> {
  passFirewall(received);
  const endpoint = endpointNames.find((name) => endpointPaths[name] === received.path);
  const fault = endpoint === undefined ? undefined : provider.behaviour.takeEndpointFault(endpoint);
  const effect = fault === undefined ? undefined : await applyFault(fault, provider.clock);
  if (effect !== undefined) return effect;
  const route = routes.get(received.path);
  if (route === undefined) throw notFound(received.path);
  const handler = route[received.method];
  if (handler === undefined) throw methodNotAllowed(received, Object.keys(route));
  return handler(received, provider);
}

function notFound(path: string): Refusal {
  return pageRefusal(404, 'Not found', 'not_found', `One Login has no ${path}`);
}

function methodNotAllowed({ method, path }: Received, allowed: readonly string[]): Refusal {
  const allow = allowed.join(', ');
  const reason = `${path} takes ${allow}, not ${method}`;
  return pageRefusal(405, 'Method not allowed', 'method_not_allowed', reason, { allow });
}

/**
 * The rules of the firewall in front of One Login (docs/one-login.md, 0 and 1): no request without a User-Agent, no
 * over-long query string.
 *
 * @throws Refusal 403
 */
function passFirewall(received: Received): void {
  if ((received.headers['user-agent'] ?? '').trim() === '') {
    throw new Refusal(
      'user_agent_missing',
      'every request to One Login needs a User-Agent such as name/version (https://service-url)',
      forbidden,
    );
  }
  const limit = received.path === '/authorize' ? queryLimits.authorize : queryLimits.other;
  if (received.queryString.length > limit) {
    throw new Refusal(
      'query_too_long',
      `the query string has ${received.queryString.length} characters, ${received.path} takes at most ${limit}`,
      forbidden,
    );
  }
}
