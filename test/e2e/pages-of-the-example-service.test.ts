import { testLanguageSwitch } from './language-switch.ts';
import { describePagesOf } from './page-rules.ts';

describePagesOf('example-service', testLanguageSwitch);
