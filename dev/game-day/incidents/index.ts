import type { Incident } from '../incident.ts';
import { awsIncidents } from './aws.ts';
import { oneLoginIncidents } from './one-login.ts';
import { quietIncidents, strangerIncidents } from './quiet.ts';

/** All incidents, in the order of the table. */
export const incidents: readonly Incident[] = [
  ...oneLoginIncidents,
  ...awsIncidents,
  ...quietIncidents,
  ...strangerIncidents,
];
