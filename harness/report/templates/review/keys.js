// One key, one action.

/** @type {readonly (readonly [string, string])[]} */
const HELP = [
  ["j k", "next, previous change"],
  ["n p", "next, previous cluster"],
  ["a r", "accept, reject the change and go to the next open one"],
  ["A R", "the same for the whole cluster"],
  ["s", "skip to the next open change"],
  ["u", "undo the last step"],
  ["d", "show the difference inline, side by side, old, new"],
  ["/", "search"],
  ["?", "this help"],
  ["Enter", "begin the review with the worst change"],
  ["Esc", "close, or back to the overview"],
];

/** Where letters are typed or have a meaning of their own. */
const TYPING = "input, textarea, select, [contenteditable]";

/**
 * The key that was meant. Case goes by Shift and not by Caps Lock, since capitals decide whole
 * clusters; a keyboard of another script is read by the place of its keys.
 * @param {KeyboardEvent} event
 * @returns {string}
 */
function keyOf(event) {
  let { key } = event;
  const place = /^Key([A-Z])$/.exec(event.code);
  // Above ASCII: Cyrillic, Greek, Hebrew and other letters, where a Latin keyboard has a–z.
  if (key.length === 1 && key > "~" && place) key = place[1];
  if (/^[a-z]$/i.test(key)) return event.shiftKey ? key.toUpperCase() : key.toLowerCase();
  return key;
}

/**
 * @param {Record<string, (event: KeyboardEvent) => boolean | void>} actions by key; false: not ours
 */
function listen(actions) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = keyOf(event);
    const typing = event.target instanceof Element && event.target.closest(TYPING);
    if (typing && key !== "Escape") return;
    const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
    // A key held down steps on, but decides nothing that was not looked at.
    if (!action || (event.repeat && !/^[jknp]$|^Arrow|^Page/.test(key))) return;
    if (action(event) !== false) event.preventDefault();
  });
}
