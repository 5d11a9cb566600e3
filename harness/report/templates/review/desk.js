// The desk: buttons, progress, messages, the list and the chosen change beside it.

/** @typedef {Record<"next" | "previous" | "nextCluster" | "previousCluster" | "accept" | "reject" |
 *   "skip" | "acceptCluster" | "rejectCluster" | "undo" | "turn" | "help" | "export" | "reviewer",
 *   () => void>} DeskActions */

class Desk {
  /**
   * @param {DeskActions} actions
   * @param {FilterBar} filters
   * @param {List} list
   * @param {Detail} detail
   * @param {boolean} goldens whether a golden can be approved here
   */
  constructor(actions, filters, list, detail, goldens) {
    this.banner = el("p", { class: "banner", role: "alert", hidden: true });
    this.message = el("p", { class: "message", role: "status" });
    this.meter = el("progress", { "aria-label": "Decided", max: "1", value: "0" });
    this.progress = el("p", { class: "decided" }, this.meter, " ");
    this.said = el("span");
    this.progress.append(this.said);
    this.view = button("View: inline", "d", actions.turn);
    const group = (/** @type {string} */ name, /** @type {HTMLElement[]} */ ...all) => {
      return el("div", { class: "group", role: "group", "aria-label": name }, ...all);
    };
    const tools = el(
      "div",
      { class: "tools" },
      group("Decide", button("Accept", "a", actions.accept, "yes"), button("Reject", "r", actions.reject, "no"), button("Skip", "s", actions.skip), button("Undo", "u", actions.undo)),
      group("Move", button("Next", "j", actions.next), button("Previous", "k", actions.previous), button("Next cluster", "n", actions.nextCluster), button("Previous cluster", "p", actions.previousCluster)),
      group("Page", this.view, button("Export decisions", "", actions.export), ...(goldens ? [button("Approve as…", "", actions.reviewer)] : [])),
    );
    const state = el("div", { class: "state" }, this.progress, this.message);
    this.nothing = el("p", { class: "nothing", hidden: true }, "No change matches these filters.");
    const pane = el("div", { class: "pane" }, filters.element, this.nothing, list.element);
    const panes = el("div", { class: "panes" }, pane, detail.element);
    this.element = el("section", { id: "--review", class: "review", "aria-label": "Review" }, this.banner, tools, state, panes);
  }

  /** @param {string} text one line that is also spoken */
  tell(text) {
    say(this.message, text);
  }

  /** @param {string} text of the banner; "" takes it away */
  warn(text) {
    say(this.banner, text);
    this.banner.hidden = text === "";
  }

  /** @param {number} decided @param {number} size */
  count(decided, size) {
    this.meter.max = Math.max(1, size);
    this.meter.value = decided;
    say(this.said, `${number(decided)} of ${number(size)} decided`);
  }

  /** @param {View} view */
  look(view) {
    const { firstChild } = this.view;
    if (firstChild) firstChild.textContent = `View: ${VIEW_NAMES[view]}`;
  }
}

/** @type {Record<View, string>} */
const VIEW_NAMES = { inline: "inline", aside: "side by side", old: "old", new: "new" };
