// Replaces node:https, see crypto.ts.

const https = process.getBuiltinModule('node:https');
export const { Agent, request } = https;
// biome-ignore lint/style/noDefaultExport: as node:https has it
export default https;
