import { flows } from './flows.ts';
import { testFlows } from './test-flows.ts';

testFlows(flows.filter(({ kind }) => kind !== 'callback'));
