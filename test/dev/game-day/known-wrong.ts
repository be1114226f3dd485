/**
 * The replays in which the alarms are not yet as somebody on call wants them: incident and sign-ins an hour, with the reason.
 * The list is exact: an entry that has become right must go.
 */
export const knownWrong: Readonly<Record<string, string>> = {
  'access-denied-for-all at 15': 'the page comes after 169 minutes',
  'access-denied-for-all at 5': '2 pages; 1 repeated',
  'cookie-lost-for-all at 15': 'the page comes after 169 minutes',
  'cookie-lost-for-all at 5': '2 pages; 1 repeated',
};
