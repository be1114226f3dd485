import { drawDashboard } from './dashboard/draw-dashboard.ts';
import { replayDashboard } from './dashboard/replay-dashboard.ts';
import { drawParts } from './draw-parts.ts';
import { drawSequence } from './draw-sequence.ts';
import { identity } from './sequences/identity.ts';
import { keyRotation } from './sequences/key-rotation.ts';
import { signIn } from './sequences/sign-in.ts';
import { signOut } from './sequences/sign-out.ts';

export interface Drawing {
  readonly file: string;
  readonly svg: string;
}

/** Draws every picture that needs no browser. */
export function renderDrawings(): readonly Drawing[] {
  return Object.entries({
    'parts.svg': drawParts(),
    'sign-in.svg': drawSequence(signIn),
    'identity.svg': drawSequence(identity),
    'sign-out.svg': drawSequence(signOut),
    'key-rotation.svg': drawSequence(keyRotation),
    'dashboard.svg': drawDashboard(replayDashboard()),
  }).map(([file, svg]) => ({ file, svg }));
}
