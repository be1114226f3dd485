import { gunzipSync } from 'node:zlib';
import {
  type AssetName,
  renderAsset,
  type StaticAsset,
} from '../../../lib/pages/static-assets/static-asset.ts';
import {
  type Check,
  describeExchange,
  type Finding,
  fail,
  findFirst,
  type Observations,
  pass,
  readAnswer,
  readHeader,
  readJson,
  skip,
} from '../check.ts';
import type { Answer, Exchange } from '../transport.ts';

/** A stylesheet, which API Gateway compresses, and a font, which it must pass on byte by byte. */
export const examinedAssets = {
  stylesheet: 'govuk.css',
  font: 'gds-transport-light.woff2',
} as const satisfies Readonly<Record<string, AssetName>>;

export const hostName: Check = {
  id: 'host-name',
  title: 'The host name of the public URL has a DNS record',
  needs: [],
  examine: ({ jwks }, { publicUrl }) => {
    const { hostname } = new URL(publicUrl);
    if (!isDnsFailure(jwks)) return pass(hostname);
    return fail(
      describeExchange(jwks),
      `Make a record for ${hostname} that leads to the output DomainTarget, or to your CloudFront distribution. A new record takes minutes, and an hour where this machine has looked for the name before.`,
    );
  },
};

/** Whether there is no address for the host name. No other request to it can then work. */
export function isDnsFailure(exchange: Exchange): boolean {
  return 'failure' in exchange && /\b(ENOTFOUND|EAI_AGAIN|ENODATA)\b/.test(exchange.failure);
}

export const assets: Check = {
  id: 'assets',
  title: 'A stylesheet and a font arrive as they were deployed',
  needs: ['host-name'],
  examine: ({ stylesheet, font }) => {
    const problem = findAssetProblem(stylesheet, 'stylesheet') ?? findAssetProblem(font, 'font');
    return problem ?? pass('compressed stylesheet, exact font');
  },
};

function findAssetProblem(exchange: Exchange, kind: keyof typeof examinedAssets): Finding | undefined {
  const answer = readAnswer(exchange);
  const asset = renderAsset(examinedAssets[kind]);
  const cure =
    'Pages then look broken. Is this version deployed? Any proxy in front of the API must pass on the body and the header Accept-Encoding unchanged. The API reads the files from the bucket of cdk bootstrap: the key and the lifecycle rules of that bucket must let its role read them.';
  if (answer?.status !== 200) return fail(describeExchange(exchange), cure);
  const type = readHeader(answer, 'content-type');
  if (!type.startsWith(asset.contentType)) return fail(`the Content-Type of the ${kind} is ${type}`, cure);
  const isCompressed = readHeader(answer, 'content-encoding') === 'gzip';
  if (kind === 'stylesheet' && !isCompressed) return fail('the stylesheet is not compressed', cure);
  return isSameContent(answer, asset, isCompressed)
    ? undefined
    : fail(`the ${kind} has other content, ${answer.bytes.length} bytes`, cure);
}

function isSameContent({ bytes }: Answer, { content }: StaticAsset, isCompressed: boolean): boolean {
  try {
    return content.equals(isCompressed ? gunzipSync(bytes) : bytes);
  } catch {
    return false;
  }
}

export const unknownPath: Check = {
  id: 'unknown-path',
  title: 'An unknown path returns 404: a page to browsers, and JSON to programs',
  needs: ['host-name'],
  examine: ({ unknownPage, unknownJson }: Observations) => {
    const cure =
      'API Gateway makes this response (MISSING_AUTHENTICATION_TOKEN) and chooses its form by the header Accept: any proxy in front of the API must pass that on, and must not replace error pages.';
    return findFirst(
      [findPageProblem(unknownPage, 404, cure), findJsonProblem(unknownJson, cure)],
      pass('404 in both forms'),
    );
  },
};

function findPageProblem(exchange: Exchange, status: number, cure: string): Finding | undefined {
  const answer = readAnswer(exchange);
  const isPage = answer !== undefined && readHeader(answer, 'content-type').startsWith('text/html');
  if (answer?.status !== status || !isPage) {
    return fail(`${describeExchange(exchange)}${isPage ? '' : ', and not with a page'}`, cure);
  }
  const hasPolicy =
    readHeader(answer, 'content-security-policy') !== '' || answer.body.includes('Content-Security-Policy');
  return hasPolicy ? undefined : fail('the page has no content security policy', cure);
}

function findJsonProblem(exchange: Exchange, cure: string): Finding | undefined {
  const answer = readAnswer(exchange);
  if (answer?.status === 404 && readJson(answer)?.['error'] === 'not_found') return undefined;
  return fail(`${describeExchange(exchange)}, and not with JSON`, cure);
}

export const firewallPage: Check = {
  id: 'firewall-page',
  title: 'The firewall refuses an attack with our page',
  needs: ['host-name'],
  examine: ({ attack }) => {
    if (attack === undefined) return skip('the config has no firewall with AWSManagedRulesCommonRuleSet');
    const cure =
      'Is the web ACL associated with the stage live? In AWS WAF, AWSManagedRulesCommonRuleSet must block and not only count. Any proxy in front of the API must not replace error pages.';
    return findPageProblem(attack, 403, cure) ?? pass('403 with a page');
  },
};

export const headRequests: Check = {
  id: 'head',
  title: 'HEAD works where GET does, and starts no sign-in',
  needs: ['host-name'],
  examine: ({ loginHead }) => {
    const answer = readAnswer(loginHead);
    const isEmpty = answer?.body === '' && readHeader(answer, 'set-cookie') === '';
    if (answer !== undefined && answer.status < 400 && isEmpty) return pass(`${answer.status}, no cookie`);
    return fail(
      `HEAD: ${describeExchange(loginHead)}`,
      'Some programs use it to check whether a page exists. Any proxy in front of the API must let it through, and must not turn it into GET.',
    );
  },
};
