import config from './jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...config,
  roots: ['<rootDir>/test/starters'],
  testPathIgnorePatterns: [],
};
