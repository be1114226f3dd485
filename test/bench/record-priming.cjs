// Loaded before a function, in its process. Writes a line for each connection that it begins and each public key that it imports.
'use strict';
const crypto = require('node:crypto');
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { Socket } = require('node:net');

function record(line) {
  appendFileSync(process.env.PRIMING_RECORD, `${line}\n`);
}

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...parameters) {
  record(`connection ${parameters[0].port}`);
  return connect.apply(this, parameters);
};

const { createPublicKey } = crypto;
crypto.createPublicKey = (key) => {
  record('key');
  return createPublicKey(key);
};
syncBuiltinESMExports();
