// What was decided, by whom, and where the browser keeps it.

/** @typedef {{changes: number[], before: number[]}} Step */

class Decisions {
  /** @param {Index} index */
  constructor(index) {
    this.index = index;
    this.status = new Uint8Array(index.size);
    this.decided = 0;
    this.by = "";
    /** The trust of the goldens that are approved from now on. */
    this.trust = "reviewed";
    /** @type {Map<number, string>} the trust that each approval was given with */
    this.trusts = new Map();
    /** @type {Step[]} what this page did, last one last */
    this.steps = [];
    /** @type {Set<number>} changes whose decision the server has not answered yet */
    this.waiting = new Set();
    /** @type {Map<number, string>} why the server refused a decision */
    this.why = new Map();
    /** @type {Map<number, string>} what else is known of a decision */
    this.notes = new Map();
  }

  /** @param {number} m @param {number} status @returns {boolean} whether that is new */
  put(m, status) {
    const before = this.status[m];
    if (before === status) return false;
    this.decided += Number(before === OPEN) - Number(status === OPEN);
    this.status[m] = status;
    return true;
  }

  /**
   * Decides, as one step that can be undone.
   * @param {number[]} changes
   * @param {number} status
   * @returns {number[]} how they stood before
   */
  decide(changes, status) {
    const before = changes.map((m) => this.status[m]);
    for (const m of changes) {
      this.put(m, status);
      this.why.delete(m);
      this.notes.delete(m);
      this.trusts.set(m, this.trust);
    }
    this.steps.push({ changes, before });
    return before;
  }

  /** @returns {number[]} the changes of the last step, which are as before; [] for none */
  undo() {
    const step = this.steps.pop();
    if (!step) return [];
    step.changes.forEach((m, i) => this.put(m, step.before[i]));
    return step.changes;
  }

  /** @param {number} m @returns {string} "open", "accepted" or "rejected" */
  word(m) {
    return STATUSES[this.status[m]];
  }

  /**
   * What the server and `harness accept` take (harness/review/decisions.py).
   * @param {number} m
   * @param {number} [status]
   */
  record(m, status = this.status[m]) {
    const { index } = this;
    const n = index.caseOf[m];
    const decision = status === REJECTED ? "reject" : index.settles(m) || "accept";
    const trust = this.trusts.get(m) ?? "reviewed";
    return {
      case: index.caseId(n),
      extractor: index.extractor(n),
      capture: index.capture(n),
      field: index.path(m),
      category: index.category(m),
      of: index.raw.changes.of[m],
      decision,
      old: index.digest(m, "old"),
      new: index.digest(m, "new"),
      ...(decision === "approve" && trust !== "reviewed" ? { trust } : {}),
    };
  }

  /** @returns {number[]} every change that was decided */
  all() {
    const found = [];
    for (let m = 0; m < this.status.length; m++) if (this.status[m] !== OPEN) found.push(m);
    return found;
  }

  /** @returns {string} the file `harness accept` reads, one decision a line */
  exported() {
    const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const head = { format: "harness-decisions/1", by: this.by, at };
    const lines = this.all().map((m) => JSON.stringify(this.record(m)));
    const open = JSON.stringify(head).slice(0, -1);
    return `${open}, "decisions": [${lines.length ? `\n${lines.join(",\n")}\n` : ""}]}\n`;
  }
}

/**
 * The browser's memory. A sandboxed frame and some private windows throw at every access.
 * @param {string} key
 * @returns {string | null}
 */
function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value @returns {boolean} whether it could be kept */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the decisions about one run: a letter a change, so that tens of thousands are small. */
class Keeper {
  /**
   * @param {Decisions} decisions
   * @param {(changes: number[]) => void} merged is called with what another tab decided
   * @param {() => void} lost is called when the browser keeps nothing
   */
  constructor(decisions, merged, lost) {
    const { index } = decisions;
    // The same run in a file of another size numbers its changes differently.
    this.key = `harness-review:${index.run}:${index.size}`;
    this.decisions = decisions;
    this.lost = lost;
    this.kept = true;
    /** @type {Set<number>} what this tab decided and has not written */
    this.dirty = new Set();
    this.timer = 0;
    addEventListener("storage", (event) => {
      // A cleared storage must not take decisions from a page that is open.
      if (event.key === this.key && event.newValue) merged(this.#merge(event.newValue));
    });
    addEventListener("pagehide", () => this.flush());
    addEventListener("visibilitychange", () => this.flush());
  }

  /** Takes what was decided before. */
  load() {
    this.#merge(remembered(this.key) ?? "");
    this.#write();
  }

  /** @param {number[]} changes were decided here */
  save(changes) {
    for (const m of changes) this.dirty.add(m);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), 60);
  }

  flush() {
    clearTimeout(this.timer);
    if (this.dirty.size === 0) return;
    // Another tab may have written since: only what was decided here is laid over it.
    this.#merge(remembered(this.key) ?? "");
    this.#write();
    this.dirty.clear();
  }

  #write() {
    const text = Array.from(this.decisions.status, (status) => ".ar"[status]).join("");
    this.kept = remember(this.key, text);
    if (!this.kept) this.lost();
  }

  /** @param {string} text @returns {number[]} what is new by it */
  #merge(text) {
    /** @type {number[]} */
    const found = [];
    if (text.length !== this.decisions.status.length) return found;
    for (let m = 0; m < text.length; m++) {
      const status = ".ar".indexOf(text[m]);
      if (status >= 0 && !this.dirty.has(m) && this.decisions.put(m, status)) found.push(m);
    }
    return found;
  }
}
