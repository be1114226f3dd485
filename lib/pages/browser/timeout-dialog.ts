/** The words of the dialog, in one language. */
export type TimeoutTexts = import('../texts/text-types.ts').SessionTimeoutText;

export interface TimeoutDialog {
  /**
   * Opens the dialog, or changes the open one.
   *
   * @param left milliseconds until the user is signed out
   * @param isFixed whether the user can't stay
   * @param opens whether to open it if it is closed
   */
  show(left: number, isFixed: boolean, opens: boolean): void;
  close(): void;
  /** Shows the time left, in milliseconds. */
  count(left: number): void;
  /** Explains that the server did not let the user stay. */
  showProblem(): void;
}

/** What the dialog does for the user. */
export interface TimeoutActions {
  stay(): void;
  /** The user has followed the link that signs out. */
  signOut(): void;
}

/**
 * Creates the dialog, closed. The browser's own modal dialog keeps the focus in and returns it.
 * Sighted users see each second. Screen readers read each minute, and the last minute every 20 seconds.
 */
export function createDialog(
  texts: TimeoutTexts,
  signOutUrl: string,
  actions: TimeoutActions,
): TimeoutDialog {
  const prefix = 'one-login-timeout';
  const create = <Name extends keyof HTMLElementTagNameMap>(
    name: Name,
    part: string,
    attributes: Readonly<Record<string, string>> = {},
    text = '',
  ) => {
    const element = document.createElement(name);
    element.className = `${prefix}__${part}`;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };
  const [titleId, timeId, limitId] = [`${prefix}-title`, `${prefix}-time`, `${prefix}-limit`];
  const seen = create('p', 'text', { 'aria-hidden': 'true' });
  const spoken = create('p', 'spoken', { id: timeId, role: 'status' });
  const limitText = create('p', 'text', { id: limitId }, texts.limit);
  const problem = create('p', 'problem', { role: 'alert' });
  const button = create('button', 'button', { type: 'button' });
  const link = create('a', 'link', { href: signOutUrl }, texts.signOut);
  const dialog = create('dialog', 'dialog', {
    role: 'alertdialog',
    tabindex: '-1',
    'aria-labelledby': titleId,
    'aria-describedby': `${timeId} ${limitId}`,
  });
  const buttons = create('div', 'actions');
  buttons.append(button, link);
  dialog.append(
    create('h2', 'title', { id: titleId }, texts.title),
    seen,
    spoken,
    limitText,
    problem,
    buttons,
  );

  const act = () => (limitText.hidden ? actions.stay() : dialog.close());
  button.addEventListener('click', act);
  link.addEventListener('click', actions.signOut);
  // The Esc key.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    act();
  });
  return {
    show(left, isFixed, opens) {
      limitText.hidden = !isFixed;
      button.textContent = isFixed ? texts.close : texts.stay;
      count(left);
      if (!opens) return;
      problem.textContent = '';
      document.body.append(dialog);
      dialog.showModal();
      // A user who is typing presses no button by accident.
      dialog.focus();
    },
    close: () => dialog.close(),
    count,
    showProblem: () => {
      problem.textContent = texts.problem;
    },
  };

  function count(left: number): void {
    const seconds = Math.max(0, Math.ceil(left / 1_000));
    const write = (element: HTMLElement, step: number) => {
      const text = texts.countdown.replace('{time}', describe(seconds, step));
      // A screen reader reads a text again when it is replaced by the same.
      if (element.textContent !== text) element.textContent = text;
    };
    write(seen, 1);
    write(spoken, 20);
  }

  /** Describes a time in minutes, or in the last minute in seconds, rounded up to a multiple of the step. */
  function describe(seconds: number, step: number): string {
    const [number, [one, two, more]] =
      seconds > 60
        ? [Math.ceil(seconds / 60), texts.minutes]
        : [Math.ceil(seconds / step) * step, texts.seconds];
    return (number === 1 ? one : number === 2 ? two : more).replace('{n}', String(number));
  }
}
