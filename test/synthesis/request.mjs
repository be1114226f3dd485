/** Prints the template of the config in standard input. */
import { text } from 'node:stream/consumers';

const response = await fetch(`http://127.0.0.1:${process.env.SYNTHESIS_PORT}/`, {
  method: 'POST',
  body: await text(process.stdin),
});
const template = await response.text();
if (!response.ok) throw new Error(template);
process.stdout.write(template);
