import type { DocumentClaim } from './person.ts';

/** Documents with invented numbers. */

export const currentAddress: DocumentClaim = {
  uprn: 10022812929,
  buildingNumber: '8',
  streetName: 'HADLEY ROAD',
  addressLocality: 'BATH',
  postalCode: 'BA2 5AA',
  addressCountry: 'GB',
  validFrom: '2021-01-16',
};

export const formerAddress: DocumentClaim = {
  uprn: 10002345923,
  organisationName: 'FINCH GROUP',
  subBuildingName: 'UNIT 2B',
  buildingNumber: '16',
  buildingName: 'COY POND BUSINESS PARK',
  dependentStreetName: 'KINGS PARK',
  streetName: 'BIG STREET',
  doubleDependentAddressLocality: 'SOME DISTRICT',
  dependentAddressLocality: 'LONG EATON',
  addressLocality: 'GREAT MISSENDEN',
  postalCode: 'HP16 0AL',
  addressCountry: 'GB',
  validFrom: '2014-04-02',
  validUntil: '2021-01-16',
};

export const addressWithoutUprn: DocumentClaim = {
  buildingName: 'THE OLD MILL',
  streetName: 'MILL LANE',
  addressLocality: 'LLANGOLLEN',
  postalCode: 'LL20 8AA',
  addressCountry: 'GB',
  validFrom: '2018-06-30',
};

export const internationalAddress: DocumentClaim = {
  buildingNumber: '22',
  streetName: 'RUE DES ÉRABLES',
  addressLocality: 'MONTRÉAL',
  addressRegion: 'QUÉBEC',
  postalCode: 'H2X 1Y4',
  addressCountry: 'CA',
  validFrom: '2019-09-01',
};

export const passport: DocumentClaim = {
  documentNumber: '999123456',
  icaoIssuerCode: 'GBR',
  expiryDate: '2032-02-02',
};

export const formerPassport: DocumentClaim = {
  documentNumber: '999654321',
  icaoIssuerCode: 'GBR',
  expiryDate: '2022-02-02',
};

export const drivingPermitOfDvla: DocumentClaim = {
  expiryDate: '2033-01-18',
  issueNumber: '5',
  issuedBy: 'DVLA',
  personalNumber: 'OKAFO853112M99AA',
};

/** A permit of Northern Ireland has no issue number. */
export const drivingPermitOfDva: DocumentClaim = {
  expiryDate: '2031-07-04',
  issuedBy: 'DVA',
  personalNumber: '99012345',
};
