import { HtmlValidate, StaticConfigLoader } from 'html-validate';

/** Resolves its configuration once: that takes longer than the validation of a page. */
class OneConfigLoader extends StaticConfigLoader {
  #resolved: ReturnType<StaticConfigLoader['getConfigFor']> | undefined;

  override getConfigFor(handle: string): ReturnType<StaticConfigLoader['getConfigFor']> {
    this.#resolved ??= super.getConfigFor(handle);
    return this.#resolved;
  }
}

const validator = new HtmlValidate(
  new OneConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      // A button in a form submits it, and pages that need no script have no other buttons.
      'no-implicit-button-type': 'off',
      // Integrity is for what others serve, and the content security policy allows nothing of others.
      'require-sri': 'off',
      // The design system's link that looks like a button has that role: users of speech software say "click button".
      'prefer-native-element': ['error', { exclude: ['button'] }],
      // The design system's logo has role="presentation", which is another name of "none" (ARIA 1.2, 5.4).
      'presentation-role-style': 'off',
      // GOV.UK's titles are those of the page, the service and GOV.UK, however long the first two are.
      'long-title': 'off',
    },
  }),
);

/** @returns a line for each place where a page is not valid, or not as it should be written */
export async function findHtmlMistakes(html: string): Promise<readonly string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`),
  );
}
