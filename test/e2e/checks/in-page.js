/**
 * What the checks measure in a page. The whole file is one expression, which the browser evaluates (see `measure.ts`),
 * because the rest of the project is compiled without the types of a DOM.
 */
(() => {
  const describeElement = (element) => {
    const text = (element.textContent || element.value || '').replace(/\s+/g, ' ').trim().slice(0, 60);
    return `${element.localName}${element.id ? `#${element.id}` : ''} “${text}”`;
  };

  /** Neither hidden, nor there for screen readers only. */
  const isSeen = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    for (let box = element; box; box = box.parentElement) {
      const { width, height, right, bottom } = box.getBoundingClientRect();
      const { overflowX, position } = getComputedStyle(box);
      if (overflowX !== 'visible' && width <= 1 && height <= 1) return false;
      if (position === 'absolute' && (right <= 0 || bottom <= 0)) return false;
    }
    return true;
  };

  /** In the order of the document. Only one of a group of radio buttons is a stop of the Tab key. */
  const focusables = () =>
    [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
      (element) =>
        element.tabIndex >= 0 &&
        !element.disabled &&
        element.type !== 'hidden' &&
        element.checkVisibility({ visibilityProperty: true }) &&
        (element.type !== 'radio' || element.checked),
    );

  /** Whatever can show where the focus is. The colour of the text alone does not, nor does what is not drawn. */
  const readLooks = (element) => {
    const style = getComputedStyle(element);
    return [
      style.outlineStyle === 'none' ? '' : style.outline,
      style.borderStyle === 'none' ? '' : style.borderColor,
      style.boxShadow,
      style.backgroundColor,
      style.textDecorationLine,
      style.textDecorationThickness,
    ].join('; ');
  };

  const isBeforeMain = (element) =>
    (element.compareDocumentPosition(document.querySelector('main')) & Node.DOCUMENT_POSITION_FOLLOWING) !==
    0;

  /** Every stop of the Tab key, and how it looks without the focus. */
  const stops = () =>
    focusables().map((element) => ({
      element: describeElement(element),
      looks: readLooks(element),
      isBeforeMain: isBeforeMain(element),
    }));

  /** Where the focus is. */
  const focus = () => {
    const element = document.activeElement;
    const { top, bottom } = element.getBoundingClientRect();
    return {
      index: focusables().indexOf(element),
      element: describeElement(element),
      looks: readLooks(element),
      top: top + scrollY,
      bottom: bottom + scrollY,
      isBeforeMain: isBeforeMain(element),
    };
  };

  const textNodes = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      const hasText =
        node.data.trim() !== '' && !/^(script|style|noscript)$/.test(node.parentElement.localName);
      if (hasText && isSeen(node.parentElement)) nodes.push(node);
    }
    return nodes;
  };

  /** Every text that can be read, with the size of its font in pixels. */
  const texts = () =>
    textNodes().map((node) => ({
      text: node.data.replace(/\s+/g, ' ').trim(),
      fontSize: Number.parseFloat(getComputedStyle(node.parentElement).fontSize),
    }));

  /** What can't be read as the page is laid out: outside the window, cut off, or below other text. */
  const losses = () => {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth)
      found.push(`the page is ${scrollWidth} px wide in a window of ${clientWidth} px`);
    const boxes = [];
    for (const node of textNodes()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width <= 1) continue;
        boxes.push({ node, box });
        if (box.left < -1 || box.right > clientWidth + 1) {
          found.push(`outside the window: ${describeElement(node.parentElement)}`);
        }
      }
      for (let element = node.parentElement; element !== document.body; element = element.parentElement) {
        const { overflowX, overflowY, display } = getComputedStyle(element);
        const isCut =
          display !== 'inline' &&
          ((overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) ||
            (overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1));
        if (isCut) found.push(`cut off: ${describeElement(element)}`);
      }
    }
    for (const [index, { node, box }] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        if (other.node === node) continue;
        const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (width > 2 && height > Math.min(box.height, other.box.height) / 2) {
          found.push(
            `one above the other: ${describeElement(node.parentElement)} and ${describeElement(other.node.parentElement)}`,
          );
        }
      }
    }
    return [...new Set(found)];
  };

  const attributesOfShape = ['class', 'role', 'rel', 'src', 'style', 'tabindex', 'type'];

  /**
   * The page without its words: its elements with what style and use depend on, and whether they have text. All other
   * attributes count by their names only.
   */
  const shape = () => {
    const describe = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data.trim() === '' ? '' : 'text';
      if (node.nodeType !== Node.ELEMENT_NODE) return '';
      const attributes = [...node.attributes].map(({ name, value }) =>
        attributesOfShape.includes(name) || value === '' ? `${name}="${value}"` : name,
      );
      return `<${[node.localName, ...attributes].join(' ')}>${[...node.childNodes].map(describe).join('')}</>`;
    };
    return describe(document.documentElement);
  };

  /** What a page has once, or should have. */
  const outline = () => ({
    language: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll('h1')].map((heading) => heading.textContent.trim()),
  });

  return { stops, focus, texts, losses, shape, outline };
})();
