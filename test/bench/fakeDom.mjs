// As much of a DOM as React DOM needs to mount, update and unmount: nothing is laid out, painted or parsed, so that what is
// counted is React's work and that of the hooks.

class FakeNode {
  /** @type {FakeNode[]} */
  childNodes = [];
  /** @type {FakeNode | null} */
  parentNode = null;
  /** @param {number} nodeType @param {string} nodeName */
  constructor(nodeType, nodeName) {
    this.nodeType = nodeType;
    this.nodeName = nodeName;
    this.tagName = nodeName;
    this.namespaceURI = 'http://www.w3.org/1999/xhtml';
    this.style = {};
    this.nodeValue = '';
    this.data = '';
  }
  get ownerDocument() {
    return fakeDocument;
  }
  /** @returns {FakeNode | null} */
  get firstChild() {
    return this.childNodes[0] ?? null;
  }
  /** @returns {FakeNode | null} */
  get lastChild() {
    return this.childNodes.at(-1) ?? null;
  }
  /** @returns {FakeNode | null} */
  get nextSibling() {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }
  /** @returns {string} */
  get textContent() {
    return this.nodeType === 3
      ? this.nodeValue
      : this.childNodes.map((node) => node.textContent).join('');
  }
  set textContent(/** @type {string} */ text) {
    if (this.nodeType === 3) this.nodeValue = text;
    else {
      this.childNodes = [];
      if (text !== '') this.appendChild(fakeDocument.createTextNode(text));
    }
  }
  /** @param {FakeNode} node */
  appendChild(node) {
    node.parentNode = this;
    this.childNodes.push(node);
    return node;
  }
  /** @param {FakeNode} node @param {FakeNode} before */
  insertBefore(node, before) {
    node.parentNode = this;
    this.childNodes.splice(this.childNodes.indexOf(before), 0, node);
    return node;
  }
  /** @param {FakeNode} node */
  removeChild(node) {
    node.parentNode = null;
    this.childNodes.splice(this.childNodes.indexOf(node), 1);
    return node;
  }
  contains() {
    return true;
  }
  setAttribute() {}
  removeAttribute() {}
  addEventListener() {}
  removeEventListener() {}
}

class FakeFrame extends FakeNode {}

const fakeDocument = Object.assign(new FakeNode(9, '#document'), {
  documentElement: new FakeNode(1, 'HTML'),
  body: new FakeNode(1, 'BODY'),
  activeElement: null,
  visibilityState: 'visible',
  createElement: (/** @type {string} */ name) => new FakeNode(1, name.toUpperCase()),
  createElementNS: (/** @type {string} */ _, /** @type {string} */ name) => new FakeNode(1, name),
  /** @param {string} text */
  createTextNode(text) {
    const node = new FakeNode(3, '#text');
    node.nodeValue = text;
    return node;
  },
});
fakeDocument.activeElement = null;

/** Puts the DOM where a page has it. */
export function installFakeDom() {
  const window = {
    document: fakeDocument,
    addEventListener() {},
    removeEventListener() {},
    HTMLIFrameElement: FakeFrame,
    location: { href: 'http://localhost/', protocol: 'http:', hostname: 'localhost' },
    navigator: { userAgent: 'node', onLine: true },
  };
  Object.assign(globalThis, { window, document: fakeDocument, self: globalThis });
  Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} });
  return { createContainer: () => new FakeNode(1, 'DIV') };
}
