import { describePagesOf } from './page-rules.ts';

describePagesOf('example-service');
