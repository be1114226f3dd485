import { describePagesOf } from './page-rules.ts';

describePagesOf('relying-party');
