import { CommandError, describeError } from '../../bin/command.ts';
import type { Places } from '../../bin/rehearse/visitor.ts';
import { checkPublicUrl } from '../../lib/config/urls.ts';
import type { ClientRegistration } from '../../stand-in/index.ts';

/** A service that users can visit. */
export interface Target extends Places {
  /** Whether it lets users prove their identity. */
  readonly provesIdentity: boolean;
}

/**
 * Finds the stand-in that a service uses.
 *
 * @param publicUrl up to and including `/auth`
 * @throws CommandError if there is no such service, or it uses another One Login, where a load test is not allowed
 */
export async function findTarget(publicUrl: string): Promise<Target> {
  const mistake = checkPublicUrl(publicUrl);
  if (mistake !== undefined) throw new CommandError(`--url: ${publicUrl} ${mistake}`);
  const login = await read(`${publicUrl}/login`);
  const location = URL.parse(login.headers.get('location') ?? '');
  if (!location) {
    throw new CommandError(
      `--url: ${publicUrl}/login returns ${login.status} and does not lead to One Login; is it a service that runs?`,
    );
  }
  const control = await read(`${location.origin}/control`);
  const { client } = (control.ok ? await control.json() : {}) as { readonly client?: ClientRegistration };
  if (!client) {
    throw new CommandError(
      `--url: ${publicUrl} uses ${location.origin}, which is not the stand-in; a load test of GOV.UK One Login itself is not allowed`,
    );
  }
  return {
    publicUrl,
    oneLogin: location.origin,
    provesIdentity: client.clientLoCs.some((level) => level !== 'P0'),
  };
}

async function read(url: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual' });
  } catch (error) {
    throw new CommandError(`--url: ${new URL(url).origin} does not respond: ${describeError(error)}`);
  }
}
