import { testLanguageSwitch } from './language-switch.ts';
import { describePagesOf } from './page-rules.ts';

describePagesOf('example-service', (visited) => {
  // What failed doesn't fail any more, once somebody reads about it.
  if (!visited.catalogued.isError) testLanguageSwitch(visited);
});
