/** Somebody or something that takes part. */
export interface Participant<Name extends string> {
  readonly name: Name;
  /** Whether it is a part of a deployment. */
  readonly ours: boolean;
}

export type Step<Name extends string> =
  | { readonly kind: 'phase'; readonly text: string }
  | { readonly kind: 'note'; readonly over: readonly Name[]; readonly text: string }
  | {
      readonly kind: 'message' | 'reply';
      readonly from: Name;
      readonly to: Name;
      readonly text: string;
    };

/** The source of a sequence diagram. */
export interface Sequence<Name extends string = string> {
  readonly title: string;
  readonly description: string;
  /** From left to right. */
  readonly participants: readonly Participant<Name>[];
  /** From top to bottom. */
  readonly steps: readonly Step<Name>[];
}

/** The functions with which a sequence is written. */
export interface SequenceWriter<Name extends string> {
  phase(text: string): Step<Name>;
  /** @param over one participant, or the first and the last of several next to each other */
  note(over: Name | readonly [Name, Name], text: string): Step<Name>;
  message(from: Name, to: Name, text: string): Step<Name>;
  reply(from: Name, to: Name, text: string): Step<Name>;
}

/**
 * @param participants name → whether it is a part of a deployment, from left to right
 * @param write returns the steps
 */
export function buildSequence<Name extends string>(
  { title, description }: Pick<Sequence, 'title' | 'description'>,
  participants: Readonly<Record<Name, 'ours' | 'other'>>,
  write: (writer: SequenceWriter<Name>) => readonly Step<Name>[],
): Sequence<Name> {
  return {
    title,
    description,
    participants: (Object.keys(participants) as Name[]).map((name) => ({
      name,
      ours: participants[name] === 'ours',
    })),
    steps: write({
      phase: (text) => ({ kind: 'phase', text }),
      note: (over, text) => ({ kind: 'note', over: [over].flat() as Name[], text }),
      message: (from, to, text) => ({ kind: 'message', from, to, text }),
      reply: (from, to, text) => ({ kind: 'reply', from, to, text }),
    }),
  };
}
