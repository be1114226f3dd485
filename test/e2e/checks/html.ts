import { HtmlValidate, StaticConfigLoader } from 'html-validate';

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      // A button in a form submits it, and pages that need no script have no other buttons.
      'no-implicit-button-type': 'off',
    },
  }),
);

/** @returns a line for each place where a page is not valid, or not as it should be written */
export async function htmlMistakes(html: string): Promise<readonly string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`),
  );
}
