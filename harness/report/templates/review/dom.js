// Elements, texts and numbers. Foreign text reaches the page through textContent only.

/** @typedef {Record<string, string | boolean | undefined>} Attributes */

/**
 * An element with attributes and children. `true` is an empty attribute, `false` none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * A button that says which key does the same.
 * @param {string} name
 * @param {string} key "" for none
 * @param {() => void} act
 * @param {string} [kind] its class
 * @returns {HTMLButtonElement}
 */
function button(name, key, act, kind = "") {
  const made = el("button", { type: "button", class: kind || undefined }, name);
  if (key) {
    made.append(" ", el("kbd", { "aria-hidden": "true" }, key));
    made.setAttribute("aria-keyshortcuts", /^[A-Z]$/.test(key) ? `Shift+${key}` : key);
  }
  made.addEventListener("click", act);
  return made;
}

/** @param {number} n @param {string} unit @returns {string} "1 change", "2,000 changes" */
function count(n, unit) {
  return `${number(n)} ${unit}${n === 1 ? "" : "s"}`;
}

/** @param {number} n @returns {string} with a comma between thousands, as everywhere on the page */
function number(n) {
  return n.toLocaleString("en");
}

/**
 * Sets a text only where it differs: a live region speaks whenever its text is touched.
 * @param {Element} element
 * @param {string} text
 */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// As harness.text.UNSEEN: what is not seen, or turns the text around it.
const UNSEEN =
  /[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;

/** @param {string} text @returns {string} with what cannot be seen as ⟨U+202E⟩ */
function shown(text) {
  return text.replace(UNSEEN, (each) => {
    return `⟨U+${each.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** @param {string} word @returns {string} the word as a shell takes it */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/**
 * The bytes of a base64 text.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytes(text) {
  const binary = atob(text.trim());
  const found = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) found[i] = binary.charCodeAt(i);
  return found;
}

/**
 * The JSON value in base64 of a zlib stream.
 * @param {string} text
 * @returns {Promise<any>}
 */
function inflated(text) {
  const stream = new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}
