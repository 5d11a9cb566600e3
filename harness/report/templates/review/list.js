// The list of clusters and their changes. Only the rows in sight are in the document.

/** Rows above and below what is in sight, so that scrolling never shows a gap. */
const SPARE = 8;

class List {
  /**
   * @param {Index} index
   * @param {Decisions} decisions
   * @param {(m: number) => void} chosen is called with a change that was clicked
   */
  constructor(index, decisions, chosen) {
    this.index = index;
    this.decisions = decisions;
    /** @type {Int32Array} */
    this.rows = new Int32Array(0);
    /** @type {Map<number, number>} the row of each change */
    this.rowOf = new Map();
    this.current = -1;
    this.height = 0;
    this.frame = 0;
    /** @type {Map<number, HTMLElement>} what is in the document, by the number of the row */
    this.made = new Map();
    this.space = el("div", { class: "space", role: "presentation" });
    this.element = el("div", { class: "list", id: "--list", role: "tree", tabindex: "0", "aria-label": "Changes by cluster" }, this.space);
    this.element.addEventListener("scroll", () => this.#soon(), { passive: true });
    this.element.addEventListener("click", (event) => {
      const row = event.target instanceof Element && event.target.closest("[data-row]");
      if (row instanceof HTMLElement) chosen(this.#change(Number(row.dataset.row)));
    });
    new ResizeObserver(() => this.#soon(true)).observe(this.element);
  }

  /** @param {Int32Array} rows as the sieve gives them */
  show(rows) {
    this.rows = rows;
    this.rowOf = new Map();
    rows.forEach((m, at) => this.rowOf.set(m, at));
    this.element.classList.toggle("empty", rows.length === 0);
    this.#clear();
    this.render();
  }

  /** @param {number} m the change that is shown beside the list; -1 for none */
  select(m) {
    this.current = m;
    const at = this.row(m);
    if (at >= 0) this.#reveal(at);
    this.refresh();
  }

  /** @param {number} m @returns {number} its row, -1 if it is not shown */
  row(m) {
    return m < 0 ? -1 : (this.rowOf.get(m) ?? -1);
  }

  /** Draws again what is in sight: a decision or the cursor changed it. */
  refresh() {
    this.#clear();
    this.render();
  }

  /** @param {number} at a row @returns {number} its change; a cluster's first */
  #change(at) {
    return this.rows[at] < 0 ? this.rows[at + 1] : this.rows[at];
  }

  #clear() {
    this.made.clear();
    this.space.replaceChildren();
  }

  /** @param {boolean} [resized] the type size may have changed with the window */
  #soon(resized = false) {
    if (resized) this.height = 0;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      if (!this.height) this.#clear();
      this.render();
    });
  }

  /** Rows are of one height, which follows the reader's type size: so it is measured. */
  #measure() {
    if (this.height) return;
    const probe = el("div", { class: "row", "aria-hidden": "true" });
    this.space.append(probe);
    this.height = probe.getBoundingClientRect().height;
    probe.remove();
  }

  /** @param {number} at */
  #reveal(at) {
    this.#measure();
    const { element, height } = this;
    // What comes next is in sight too, and the heading above a first change.
    const spare = element.clientHeight > 6 * height ? 2 : 1;
    const top = (at - (this.rows[at - 1] < 0 ? 1 : spare - 1)) * height;
    const end = (at + spare) * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (end > element.scrollTop + element.clientHeight) {
      element.scrollTop = end - element.clientHeight;
    }
  }

  render() {
    this.#measure();
    const { element, height, rows } = this;
    if (!height) return;
    this.space.style.height = `${rows.length * height}px`;
    const from = Math.max(0, Math.floor(element.scrollTop / height) - SPARE);
    const seen = Math.ceil(element.clientHeight / height) + 2 * SPARE;
    const to = Math.min(rows.length, from + seen);
    const chosen = this.row(this.current);
    for (const [at, row] of this.made) {
      if ((at < from || at >= to) && at !== chosen) {
        row.remove();
        this.made.delete(at);
      }
    }
    for (let at = from; at < to; at++) this.#put(at);
    // Assistive technology follows an id: the chosen row must exist wherever one scrolled to.
    if (chosen >= 0) this.#put(chosen);
    if (chosen >= 0) element.setAttribute("aria-activedescendant", `--row-${chosen}`);
    else element.removeAttribute("aria-activedescendant");
  }

  /** @param {number} at */
  #put(at) {
    if (this.made.has(at)) return;
    const row = this.rows[at] < 0 ? this.#heading(-1 - this.rows[at], at) : this.#line(this.rows[at]);
    row.id = `--row-${at}`;
    row.dataset.row = String(at);
    row.style.transform = `translateY(${at * this.height}px)`;
    this.made.set(at, row);
    // Assistive technology reads rows in the order of the document.
    this.space.insertBefore(row, this.#below(at));
  }

  /** @param {number} at @returns {HTMLElement | null} the first row in the document below it */
  #below(at) {
    let found = null;
    let best = Infinity;
    for (const [other, row] of this.made) {
      if (other > at && other < best) [best, found] = [other, row];
    }
    return found;
  }

  /** @param {number} c @param {number} at @returns {HTMLElement} */
  #heading(c, at) {
    const cluster = this.index.clusters[c];
    let end = at + 1;
    let open = 0;
    for (; end < this.rows.length && this.rows[end] >= 0; end++) {
      if (this.decisions.status[this.rows[end]] === OPEN) open++;
    }
    const shown = end - at - 1;
    const left = open ? `${number(open)} of ${number(shown)} open` : `all ${number(shown)} decided`;
    const title = el("span", { class: "title", dir: "auto" }, cluster.title);
    const row = el("div", { class: "row heading", role: "treeitem", "aria-level": "1", "aria-expanded": "true", "aria-selected": "false" }, title, el("span", { class: "where" }, left));
    row.classList.toggle("done", open === 0);
    return row;
  }

  /** @param {number} m @returns {HTMLElement} */
  #line(m) {
    const { index, decisions } = this;
    const status = decisions.word(m);
    const verdict = index.verdict(m);
    const chosen = m === this.current;
    const first = el(
      "span",
      { class: "name" },
      el("span", { class: `badge ${verdict}` }, verdict),
      " ",
      el("bdi", {}, index.name(index.caseOf[m])),
      " ",
      el("bdi", { class: "path" }, index.pathShown(m)),
    );
    const mark = decisions.why.has(m) ? "refused" : decisions.waiting.has(m) ? "waiting" : status;
    const second = el(
      "span",
      { class: "where" },
      el("span", { class: `mark ${mark}` }, `${MARKS[mark]} ${mark}`),
      " ",
      el("bdi", {}, index.headline(m)),
    );
    return el("div", { class: `row line ${status}`, role: "treeitem", "aria-level": "2", "aria-selected": String(chosen) }, first, second);
  }
}

/** @type {Record<string, string>} */
const MARKS = { open: "○", accepted: "✓", rejected: "✗", refused: "⚠", waiting: "…" };
