// Only makes the calls of an event: what a route would take if its code took no time. Runs where the functions run.
'use strict';
const { Agent, request } = require('node:https');

/** Opens a connection ahead of the request that needs it, if none is kept. */
class ReadyAgent extends Agent {
  open(url) {
    const options = { host: url.hostname, port: url.port, servername: url.hostname, noDelay: true };
    const name = this.getName(options);
    if (this.freeSockets[name]?.length > 0 || this.ready !== undefined) return;
    this.ready = super.createConnection({ ...options, _agentKey: name });
  }

  createConnection(options, callback) {
    const { ready } = this;
    this.ready = undefined;
    return ready ?? super.createConnection(options, callback);
  }
}

const agent = new Agent({ keepAlive: true });
const ahead = new ReadyAgent({ keepAlive: true });
const body = Buffer.alloc(1_000, ' ');

/** @param stages the calls, see `Stage` in routes.ts, each with its `url` */
exports.handler = async ({ stages }) => {
  const oneLogin = stages.flat().filter(({ to }) => to === 'oneLogin');
  if (oneLogin.length > 0) ahead.open(new URL(oneLogin[0].url));
  const last = oneLogin.at(-1);
  for (const stage of stages)
    await Promise.all(stage.map((call) => send(call, call === last && call.closing)));
  return { statusCode: 200, body: '' };
};

function send({ url, to, milliseconds }, closing) {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-bench-hold': `${milliseconds},1000`,
      ...(closing ? { 'x-bench-close': '1' } : {}),
    };
    const outgoing = request(
      url,
      { method: 'POST', agent: to === 'oneLogin' ? ahead : agent, headers },
      (response) => {
        response.on('end', resolve);
        response.on('error', reject);
        response.resume();
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
