import { isLoopback } from '../../lambdas/core/urls.ts';
import { authorizerRules } from './authorizer-rules.ts';
import type { ConfigFile } from './deployment-config.ts';
import { edgeRules } from './edge-rules.ts';
import { journeyRules } from './journey-rules.ts';
import { formatValue, type Mistake, type Rule } from './mistakes.ts';
import { publishedKeyRules } from './published-key-rules.ts';
import { checkPageOrigin } from './urls.ts';

/** Everything that `config/schema.json` cannot express. */
export const rules: readonly Rule[] = [
  { reads: /^(environment|provider)$/, check: checkProvider },
  { reads: /^(environment|publicUrl)$/, check: checkReachability },
  { reads: /^signingKeys(\[\d+\](\.state)?)?$/, check: checkSigningKeyStates },
  { reads: /^signingKeys(\[\d+\](\.name)?)?$/, check: checkSigningKeyNames },
  ...publishedKeyRules,
  { reads: /^session(\.\w+Minutes)?$/, check: checkSession },
  { reads: /^contact(\.\w+)?$/, check: checkContact },
  ...journeyRules,
  ...authorizerRules,
  ...edgeRules,
  { reads: /^(environment|account|signingKeyDeletionRoles(\[\d+\])?)$/, check: checkDeletionRoles },
  { reads: /^(region|alarms(\.(topicArn|urgentTopicArn|ticketTopicArn))?)$/, check: checkAlarmTopic },
  buildPageRule('defaultPage', ({ defaultPage }) => defaultPage),
  buildPageRule('signedOutUrl', ({ signedOutUrl }) => signedOutUrl),
  buildPageRule('identity.notProvedUrl', ({ identity }) => identity?.notProvedUrl),
  buildPageRule('identity.inPersonReturnUrl', ({ identity }) => identity?.inPersonReturnUrl),
];

function* checkProvider({ environment, provider }: ConfigFile): Generator<Mistake> {
  const path = 'provider';
  if (environment === 'local' && provider === undefined) {
    yield { path, message: 'is missing: the environment local has no default provider' };
  }
  if (environment !== 'local' && provider !== undefined) {
    const message = `is only allowed with the environment local; ${environment} has One Login's own addresses`;
    yield { path, message };
  }
}

function* checkReachability({ environment, publicUrl }: ConfigFile): Generator<Mistake> {
  if (environment !== 'production' || publicUrl === undefined || !isLoopback(publicUrl)) return;
  const message = `${formatValue(publicUrl)} is an address that users cannot reach in production`;
  yield { path: 'publicUrl', message };
}

function* checkSigningKeyStates({ signingKeys }: ConfigFile): Generator<Mistake> {
  const signing = signingKeys.filter(({ state }) => state === 'sign').map(({ name }) => name);
  if (signing.length === 1) return;
  const found = signing.length === 0 ? 'none has' : `these have: ${signing.join(', ')}`;
  yield { path: 'signingKeys', message: `exactly one key must have the state sign; ${found}` };
}

function* checkSigningKeyNames({ signingKeys }: ConfigFile): Generator<Mistake> {
  const names = signingKeys.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    yield {
      path: `signingKeys[${index}].name`,
      message: `${formatValue(name)} is also the name of another key`,
    };
  }
}

function* checkSession({ session: { idleMinutes, absoluteMinutes } }: ConfigFile): Generator<Mistake> {
  if (idleMinutes <= absoluteMinutes) return;
  const message = `${idleMinutes} is more than session.absoluteMinutes, ${absoluteMinutes}`;
  yield { path: 'session.idleMinutes', message };
}

function* checkContact({ contact }: ConfigFile): Generator<Mistake> {
  if (contact === undefined) return;
  const { url, email, phone, openingHours } = contact;
  if ((url ?? email ?? phone) === undefined) {
    yield { path: 'contact', message: 'must have at least one of url, email, phone' };
  }
  if (openingHours !== undefined && phone === undefined) {
    yield { path: 'contact.openingHours', message: 'is only allowed with contact.phone' };
  }
  for (const field of ['url', 'phone', 'openingHours'] as const) {
    if (contact[`${field}Welsh`] === undefined || contact[field] !== undefined) continue;
    yield { path: `contact.${field}Welsh`, message: `is only allowed with contact.${field}` };
  }
}

function* checkDeletionRoles({
  environment,
  account,
  signingKeyDeletionRoles: roles,
}: ConfigFile): Generator<Mistake> {
  if (environment !== 'production' && roles.length > 0) {
    const message = `only has an effect in production; ${environment} deletes its keys with the stack`;
    yield { path: 'signingKeyDeletionRoles', message };
  }
  if (environment !== 'production' || account === undefined) return;
  for (const [index, arn] of roles.entries()) {
    const roleAccount = arn.split(':')[4];
    if (roleAccount === account) continue;
    const message = `${formatValue(arn)} is in the account ${roleAccount}, and the keys are in ${account}`;
    yield { path: `signingKeyDeletionRoles[${index}]`, message };
  }
}

/** CloudWatch only sends an alarm to topics of its own region. */
function* checkAlarmTopic({ region, alarms }: ConfigFile): Generator<Mistake> {
  for (const name of ['topicArn', 'urgentTopicArn', 'ticketTopicArn'] as const) {
    const arn = alarms[name];
    if (arn === undefined || arn.split(':')[3] === region) continue;
    const message = `${formatValue(arn)} is in another region; CloudWatch cannot send alarms of ${region} to it`;
    yield { path: `alarms.${name}`, message };
  }
}

/** Builds the rule that a page is at an allowed origin, outside our own routes. The schema checks everything else. */
function buildPageRule(path: string, readPage: (config: ConfigFile) => string | undefined): Rule {
  const [parent = path] = path.split('.');
  return {
    reads: new RegExp(
      `^(${parent}|${path.replaceAll('.', '\\.')}|publicUrl|domain(\\.name)?|returnOrigins(\\[\\d+\\])?)$`,
    ),
    check: (config) => {
      const page = readPage(config);
      if (page === undefined) return [];
      const mistake = checkPageOrigin(page, config.publicUrl, config.returnOrigins);
      return mistake === undefined ? [] : [{ path, message: `${formatValue(page)} ${mistake}` }];
    },
  };
}
