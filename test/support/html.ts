/** As much of HTML as the pages of the service and of the stand-in have. */

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Turns character references into characters. */
export function decodeHtml(text: string): string {
  return text.replace(/&(?:#(x?[\da-f]+)|(amp|lt|gt|quot));/gi, (_, code?: string, name?: string) =>
    code === undefined
      ? (entities[name ?? ''] ?? '')
      : String.fromCodePoint(Number(code.replace(/^x/i, '0x'))),
  );
}

/** Where the only link with that text leads. @throws Error when there is not exactly one */
export function findLink(page: string, text: string): string {
  const links = [...page.matchAll(/<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gs)]
    .map(
      ([, href = '', content = '']) =>
        [decodeHtml(href), decodeHtml(content.replace(/<[^>]*>/g, '')).trim()] as const,
    )
    .filter(([, content]) => content === text);
  const [[href] = []] = links;
  if (href === undefined || links.length > 1) {
    throw new Error(`${links.length} links "${text}" on the page:\n${page}`);
  }
  return href;
}

/** The texts of all links and buttons in the main part of a page. */
export function listActions(page: string): readonly string[] {
  const [main = ''] = /<main[\s>].*<\/main>/s.exec(page) ?? [];
  return [...main.matchAll(/<(a|button)[\s>].*?<\/\1>/gs)].map(([element]) =>
    decodeHtml(element.replace(/<[^>]*>/g, '')).trim(),
  );
}

/** The only form on a page. @throws Error when there is not exactly one */
export function readForm(page: string): { readonly action: string; readonly hidden: Record<string, string> } {
  const forms = [...page.matchAll(/<form[^>]*?action="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
  const [[, action = '', content = ''] = []] = forms;
  if (forms.length !== 1) throw new Error(`${forms.length} forms on the page:\n${page}`);
  const hidden = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return {
    action: decodeHtml(action),
    hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, decodeHtml(value)])),
  };
}
