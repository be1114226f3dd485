import { describePagesOf } from './page-rules.ts';

describePagesOf('stand-in');
