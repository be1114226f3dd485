// Runs one function in a process of its own, as Lambda's Node runtime does: loads the module of the arguments, then handles
// one event after the other. CommonJS in JavaScript, so that the start contains as little as possible that is not the
// function's: no types to strip, and `require` or `import` as Lambda chooses.
'use strict';
const [, , file, exportName] = process.argv;
let handler;

process.on('message', (message) => void respond(message).catch(fail));
process.on('disconnect', () => process.exit());
load().catch(fail);

async function load() {
  const began = performance.now();
  const loaded = file.endsWith('.mjs') ? await import(`file://${file}`) : require(file);
  handler = loaded[exportName];
  if (typeof handler !== 'function') throw new Error(`${file} has no ${exportName}`);
  send({ imported: performance.now() - began, cpu: process.cpuUsage() });
}

async function respond({ event, memory }) {
  if (memory) {
    globalThis.gc();
    return send({ memory: process.memoryUsage() });
  }
  send(await handle(event));
}

/** @param text the event as JSON. @returns the response as JSON, its time, and the CPU time of the process since its start */
async function handle(text) {
  const deadline = Date.now() + 20_000;
  const context = {
    awsRequestId: '00000000-0000-4000-8000-000000000001',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  const began = performance.now();
  const answer = JSON.stringify((await handler(JSON.parse(text), context)) ?? null);
  return { answer, milliseconds: performance.now() - began, cpu: process.cpuUsage() };
}

function send(message) {
  process.send(message);
}

function fail(error) {
  console.error(error);
  process.exit(1);
}
