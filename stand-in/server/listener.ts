import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buildEffect, type EndpointName, endpointNames, endpointPaths } from '../behaviour/endpoint-fault.ts';
import { problemPage } from '../pages/problem-page.ts';
import type { Provider } from '../provider.ts';
import { passFirewall } from './firewall.ts';
import { type Answer, jsonAnswer, type Received, withHeader } from './message.ts';
import { BodyTooLarge, readRequest, splitUrl } from './read-request.ts';
import { headerText, Refusal } from './refusal.ts';
import type { RequestLogEntry } from './request-log.ts';
import { routes } from './routes.ts';

/** What happens to a request without an answer. */
type NoAnswer = 'hang' | 'reset';

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
    const entry = beginEntry(message, path, provider);
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

function beginEntry(message: IncomingMessage, path: string, provider: Provider): RequestLogEntry {
  return provider.requests.begin(
    {
      method: message.method ?? 'GET',
      path,
      headerNames: Object.keys(message.headers),
      userAgent: message.headers['user-agent'],
    },
    provider.clock.now(),
  );
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
  const endpoint = findEndpoint(received.path);
  const fault = endpoint === undefined ? undefined : provider.behaviour.takeEndpointFault(endpoint);
  if (fault !== undefined) {
    const effect = await buildEffect(fault, provider.clock);
    if (effect.kind === 'answer') return effect.answer;
    if (effect.kind !== 'proceed') return effect.kind;
  }
  const route = routes.get(received.path);
  if (route === undefined) throw notFound(received.path);
  const handler = route[received.method];
  if (handler === undefined) throw methodNotAllowed(received, Object.keys(route));
  return handler(received, provider);
}

function findEndpoint(path: string): EndpointName | undefined {
  return endpointNames.find((name) => endpointPaths[name] === path);
}

function notFound(path: string): Refusal {
  const reason = `One Login has no ${path}`;
  return new Refusal('not_found', reason, problemPage(404, 'Not found', 'not_found', reason));
}

function methodNotAllowed({ method, path }: Received, allowed: readonly string[]): Refusal {
  const reason = `${path} takes ${allowed.join(', ')}, not ${method}`;
  const page = problemPage(405, 'Method not allowed', 'method_not_allowed', reason);
  return new Refusal('method_not_allowed', reason, withHeader(page, 'allow', allowed.join(', ')));
}
