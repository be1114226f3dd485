import { isLoopback } from '../../lambdas/core/urls.ts';
import { alarmRules } from './alarm-rules.ts';
import { authorizerRules } from './authorizer-rules.ts';
import { deletionRoleRules } from './deletion-role-rules.ts';
import type { ConfigFile } from './deployment-config.ts';
import { edgeRules } from './edge-rules.ts';
import { type Mistake, show } from './mistakes.ts';
import type { Rule } from './rule.ts';
import { foreignPageMistake } from './urls.ts';

/** Everything that must hold of a config beyond `config/schema.json`. */
export const rules: readonly Rule[] = [
  { reads: /^(environment|provider)$/, check: checkProvider },
  { reads: /^(environment|publicUrl)$/, check: checkReachability },
  { reads: /^signingKeys(\[\d+\](\.state)?)?$/, check: checkSigningKeyStates },
  { reads: /^signingKeys(\[\d+\](\.name)?)?$/, check: checkSigningKeyNames },
  { reads: /^session(\.\w+Minutes)?$/, check: checkSession },
  { reads: /^contact(\.\w+)?$/, check: checkContact },
  ...authorizerRules,
  ...edgeRules,
  ...deletionRoleRules,
  ...alarmRules,
  pageRule('defaultPage', ({ defaultPage }) => defaultPage),
  pageRule('signedOutUrl', ({ signedOutUrl }) => signedOutUrl),
  pageRule('identity.notProvedUrl', ({ identity }) => identity?.notProvedUrl),
  pageRule('identity.inPersonReturnUrl', ({ identity }) => identity?.inPersonReturnUrl),
];

function checkProvider({ environment, provider }: ConfigFile): readonly Mistake[] {
  if (environment === 'local' && provider === undefined) {
    return [{ path: 'provider', message: 'is missing: the environment local has no provider of its own' }];
  }
  if (environment !== 'local' && provider !== undefined) {
    const message = `is allowed with the environment local only; ${environment} has One Login's own addresses`;
    return [{ path: 'provider', message }];
  }
  return [];
}

function checkReachability({ environment, publicUrl }: ConfigFile): readonly Mistake[] {
  if (environment !== 'production' || publicUrl === undefined || !isLoopback(publicUrl)) return [];
  return [{ path: 'publicUrl', message: `${show(publicUrl)} can't be reached by anyone in production` }];
}

function checkSigningKeyStates({ signingKeys }: ConfigFile): readonly Mistake[] {
  const signing = signingKeys.filter(({ state }) => state === 'sign').map(({ name }) => name);
  if (signing.length === 1) return [];
  const found = signing.length === 0 ? 'none has' : `these have: ${signing.join(', ')}`;
  return [{ path: 'signingKeys', message: `exactly one key must have the state sign; ${found}` }];
}

function checkSigningKeyNames({ signingKeys }: ConfigFile): readonly Mistake[] {
  const names = signingKeys.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [{ path: `signingKeys[${index}].name`, message: `${show(name)} is the name of another key as well` }]
      : [],
  );
}

function checkSession({ session: { idleMinutes, absoluteMinutes } }: ConfigFile): readonly Mistake[] {
  if (idleMinutes <= absoluteMinutes) return [];
  const message = `${idleMinutes} is more than session.absoluteMinutes, ${absoluteMinutes}`;
  return [{ path: 'session.idleMinutes', message }];
}

/** Nobody can be reached by a name, and hours without a phone say nothing. */
function checkContact({ contact }: ConfigFile): readonly Mistake[] {
  if (contact === undefined) return [];
  const { url, email, phone, openingHours } = contact;
  return [
    ...((url ?? email ?? phone) === undefined
      ? [{ path: 'contact', message: 'must hold at least one of url, email, phone' }]
      : []),
    ...(openingHours !== undefined && phone === undefined
      ? [{ path: 'contact.openingHours', message: 'is allowed with contact.phone only' }]
      : []),
    ...(['url', 'phone', 'openingHours'] as const).flatMap((field) =>
      contact[`${field}Welsh`] !== undefined && contact[field] === undefined
        ? [{ path: `contact.${field}Welsh`, message: `is allowed with contact.${field} only` }]
        : [],
    ),
  ];
}

/** A page with an absolute URL lies at an origin that is allowed. The schema has seen to everything else. */
function pageRule(path: string, pageOf: (config: ConfigFile) => string | undefined): Rule {
  const [parent = path] = path.split('.');
  return {
    reads: new RegExp(
      `^(${parent}|${path.replaceAll('.', '\\.')}|publicUrl|domain(\\.name)?|returnOrigins(\\[\\d+\\])?)$`,
    ),
    check: (config) => {
      const page = pageOf(config);
      if (page === undefined || page.startsWith('/')) return [];
      const mistake = foreignPageMistake(page, config.publicUrl, config.returnOrigins);
      return mistake === undefined ? [] : [{ path, message: `${show(page)} ${mistake}` }];
    },
  };
}
