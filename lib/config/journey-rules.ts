import type { ConfigFile } from './deployment-config.ts';
import { findLowest, isIdentityJourney, serializeJourneys } from './journeys.ts';
import { formatValue, type Mistake, type Rule } from './mistakes.ts';
import { checkPageOrigin } from './urls.ts';

const vtrPaths = /^(authentication|identity)(\.vtr(\[\d+\])?)?$|^journeys(\[\d+\](\.vtr(\[\d+\])?)?)?$/;

/**
 * Rules between the journeys and the requests without a name. A journey requests at least as much, so that users gain
 * nothing by changing or removing the name in a URL.
 */
export const journeyRules: readonly Rule[] = [
  { reads: /^journeys(\[\d+\](\.name)?)?$/, check: checkNamesDiffer },
  { reads: vtrPaths, check: checkLevels },
  { reads: /^journeys(\[\d+\](\.\w+(\[\d+\])?)?)?$/, check: checkIdentityFields },
  {
    reads: /^authentication(\.maxAgeSeconds)?$|^journeys(\[\d+\](\.maxAgeSeconds)?)?$/,
    check: checkMaxAges,
  },
  {
    reads: /^journeys(\[\d+\](\.notProvedUrl)?)?$|^(publicUrl|domain(\.name)?|returnOrigins(\[\d+\])?)$/,
    check: checkPages,
  },
  { reads: /^journeys/, check: checkSize },
];

function* checkNamesDiffer({ journeys }: ConfigFile): Generator<Mistake> {
  const names = journeys.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    yield {
      path: `journeys[${index}].name`,
      message: `${formatValue(name)} is also the name of another journey`,
    };
  }
}

function* checkLevels({ authentication, identity, journeys }: ConfigFile): Generator<Mistake> {
  for (const [index, { vtr }] of journeys.entries()) {
    const path = `journeys[${index}].vtr`;
    const isIdentity = isIdentityJourney({ vtr });
    if (isIdentity && vtr.some((vector) => !isIdentityJourney({ vtr: [vector] }))) {
      yield { path, message: 'has vectors with and without a level of confidence, which One Login refuses' };
    } else if (isIdentity && identity === undefined) {
      yield { path, message: 'has a level of confidence, which needs identity to be configured' };
    } else {
      const [field, least] =
        isIdentity && identity ? ['identity.vtr', identity.vtr] : ['authentication.vtr', authentication.vtr];
      if (findLowest(vtr) >= findLowest(least)) continue;
      yield {
        path,
        message: `requests less than ${field}, ${least.join(', ')}: put the lowest level into ${field}`,
      };
    }
  }
}

function* checkIdentityFields({ journeys }: ConfigFile): Generator<Mistake> {
  for (const [index, journey] of journeys.entries()) {
    if (isIdentityJourney(journey)) continue;
    for (const field of ['claims', 'notProvedUrl'] as const) {
      if (journey[field] === undefined) continue;
      const message = 'is only allowed in a journey whose vtr has a level of confidence';
      yield { path: `journeys[${index}].${field}`, message };
    }
  }
}

function* checkMaxAges({ authentication, journeys }: ConfigFile): Generator<Mistake> {
  const most = authentication.maxAgeSeconds;
  for (const [index, { maxAgeSeconds }] of journeys.entries()) {
    if (most === undefined || maxAgeSeconds === undefined || maxAgeSeconds <= most) continue;
    const message = `${maxAgeSeconds} is more than authentication.maxAgeSeconds, ${most}`;
    yield { path: `journeys[${index}].maxAgeSeconds`, message };
  }
}

function* checkPages({ journeys, publicUrl, returnOrigins }: ConfigFile): Generator<Mistake> {
  for (const [index, { notProvedUrl: page }] of journeys.entries()) {
    if (page === undefined || page.startsWith('/')) continue;
    const mistake = checkPageOrigin(page, publicUrl, returnOrigins);
    if (mistake === undefined) continue;
    yield { path: `journeys[${index}].notProvedUrl`, message: `${formatValue(page)} ${mistake}` };
  }
}

/** Characters of JSON. Lambda allows 4 KB for all variables of a function. */
const mostCharacters = 2000;

function* checkSize({ journeys }: ConfigFile): Generator<Mistake> {
  const { length } = serializeJourneys(journeys);
  if (length <= mostCharacters) return;
  const message = `have ${length} characters in all, and a function has room for ${mostCharacters}`;
  yield { path: 'journeys', message };
}
