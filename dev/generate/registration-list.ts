import { buildRegistration } from '../../bin/register/registration.ts';
import { loadConfig } from '../../lib/config/load-config.ts';

/** What `one-login register` lists for a config that uses everything. */
export function renderRegistrationList(): string {
  const config = loadConfig('config/integration.example.json');
  const authentication = { ...config.authentication, maxAgeSeconds: 900 };
  const entries = buildRegistration({ ...config, authentication }, 'https://service.example/auth', undefined);
  const labels = entries.map(({ label, value }) =>
    value === undefined ? `${label} (for you to decide)` : label,
  );
  return `${labels.join(', ')}.`;
}
