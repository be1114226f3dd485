/** The API's one stage: the first part of every path, as long as no domain is in front of the API. */
export const stageName = 'live';
