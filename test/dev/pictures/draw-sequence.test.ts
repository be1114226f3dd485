import { describe, expect, it } from '@jest/globals';
import { drawSequence } from '../../../dev/pictures/draw-sequence.ts';
import { buildSequence, type Step } from '../../../dev/pictures/sequence.ts';

type Name = 'A' | 'B' | 'C';

const draw = (...steps: readonly Step<Name>[]) =>
  drawSequence(
    buildSequence(
      { title: 'A <title>', description: 'What happens' },
      { A: 'other', B: 'ours', C: 'other' },
      () => steps,
    ),
  );

/** The ends of horizontal arrows. */
const listArrows = (svg: string) =>
  [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)L([\d.]+) \2"[^>]*stroke="#0b0c0c"[^>]*>/g)].map(
    ([element, from, , to]) => ({
      from: Number(from),
      to: Number(to),
      dashed: element.includes('dasharray'),
    }),
  );

describe('drawSequence', () => {
  it('draws messages from one participant to another, and replies with dashes', () => {
    const [message, reply] = listArrows(
      draw(
        { kind: 'message', from: 'A', to: 'C', text: 'a request' },
        { kind: 'reply', from: 'C', to: 'A', text: 'a response' },
      ),
    );
    expect(message).toMatchObject({ dashed: false });
    expect(reply).toMatchObject({ dashed: true });
    expect(message?.to).toBeGreaterThan(message?.from ?? Number.NaN);
    expect(reply?.to).toBeLessThan(reply?.from ?? Number.NaN);
  });

  it('is higher with each step, and escapes texts', () => {
    const readHeight = (svg: string) => Number(/viewBox="0 0 820 (\d+)"/.exec(svg)?.[1]);
    const [none, one] = [draw(), draw({ kind: 'note', over: ['A', 'B'], text: 'a < b & c' })];
    expect(readHeight(one)).toBeGreaterThan(readHeight(none));
    expect(one).toContain('<title>A &lt;title></title>');
    expect(one).toContain('>a &lt; b &amp; c</text>');
  });
});
