// Replaces node:zlib, see crypto.ts.

export const { deflateRawSync, gunzipSync, inflateRawSync } = process.getBuiltinModule('node:zlib');
