// The chosen change: its cluster, its article, what was decided.

/** @typedef {{decide: (status: number, m?: number) => void, bulk: (status: number) => void,
 *   values: () => void}} DetailActions */

class Detail {
  /**
   * @param {Index} index
   * @param {Decisions} decisions
   * @param {Articles} articles
   * @param {DetailActions} actions
   */
  constructor(index, decisions, articles, actions) {
    this.index = index;
    this.decisions = decisions;
    this.articles = articles;
    this.actions = actions;
    this.current = -1;
    /** The case whose article is shown; -1 for none. */
    this.shown = -1;
    /** @type {View} */
    this.view = "inline";
    /** @type {Sheet} */
    this.sheet = "text";
    this.onSheet = (/** @type {Sheet} */ _) => {};
    this.cluster = el("div", { class: "cluster-now" });
    this.place = el("div", { class: "place" });
    this.element = el("div", { class: "detail", id: "--detail", tabindex: "-1", role: "region", "aria-label": "The chosen change" }, this.cluster, this.place);
    this.place.addEventListener("click", (event) => this.#follow(event));
  }

  /** @param {number} m the change to show; -1 for none */
  async show(m) {
    this.current = m;
    this.drawCluster();
    if (m < 0) {
      this.close();
      return;
    }
    const n = this.index.caseOf[m];
    if (n === this.shown) {
      this.#aim();
      return;
    }
    const known = this.articles.get(n);
    let node = known instanceof Promise ? await this.#awaited(known) : known;
    // The reader may have gone on while it was unpacked.
    if (this.current !== m) return;
    node ??= stub(this.index, n);
    this.#put(n, node);
    if (this.articles.server && !this.articles.fetched.has(n)) this.#complete(n, node);
  }

  /** Leaves the article, and puts it back where it was taken from. */
  close() {
    this.shown = -1;
    this.articles.giveBack();
    this.place.replaceChildren();
  }

  /** @param {Promise<HTMLElement | null>} node */
  async #awaited(node) {
    try {
      return await node;
    } catch {
      return null;
    }
  }

  /** @param {number} n @param {HTMLElement} node */
  #put(n, node) {
    if (this.articles.lent && this.articles.lent.node !== node) this.articles.giveBack();
    this.shown = n;
    this.#equip(node, n);
    this.place.replaceChildren(node);
    this.element.scrollTop = 0;
    this.#aim();
  }

  /** Asks the server for what the file had no room for. @param {number} n @param {HTMLElement} node */
  async #complete(n, node) {
    if (node.querySelector(".capture .page, .capture iframe")) return;
    const note = node.querySelector(".left-out");
    try {
      const whole = await this.articles.fetch(n);
      if (whole && this.shown === n) this.#put(n, whole);
    } catch (error) {
      if (note) say(note, `harness review does not give this capture: ${message(error)}`);
    }
  }

  /** Puts the parts into an article that need a script. @param {HTMLElement} node @param {number} n */
  #equip(node, n) {
    for (const section of node.querySelectorAll("[data-change]")) {
      if (section.querySelector(".actions")) continue;
      section.append(el("div", { class: "actions" }));
    }
    const capture = node.querySelector(".capture");
    if (!capture && !node.querySelector(".left-out")) {
      const home = node.querySelector(".columns") ?? node;
      home.append(el("div", { class: "capture" }, notInFile("This capture is", this.index.caseId(n))));
    }
    this.#tabs(node);
    this.#sides(node);
    this.#turn(node);
    this.draw(node);
  }

  /** Shows again what was decided in the article. @param {Element} [node] */
  draw(node = this.place) {
    for (const section of node.querySelectorAll("[data-change]")) {
      if (!(section instanceof HTMLElement)) continue;
      const m = Number(section.dataset.change);
      const box = section.querySelector(".actions");
      if (box && m < this.index.size) box.replaceChildren(...this.#decided(m));
      section.classList.toggle("current", m === this.current);
      for (const status of STATUSES) section.classList.toggle(status, this.decisions.word(m) === status);
    }
  }

  /** @param {number} m @returns {Node[]} */
  #decided(m) {
    const { index, decisions } = this;
    const word = decisions.word(m);
    const mark = decisions.waiting.has(m) ? "waiting" : word;
    const said = [`${MARKS[mark]} ${word}${mark === "waiting" ? ", on its way" : ""}`];
    const note = decisions.notes.get(m);
    if (note) said.push(note);
    const left = unitLeft(index, decisions, m);
    if (left) said.push(left);
    if (word === "open" && index.alone(m)) said.push(`never accepted with others: ${index.alone(m)}`);
    const nodes = [el("span", { class: `mark ${mark}` }, said.join(" · "))];
    const why = decisions.why.get(m);
    if (why) nodes.push(el("span", { class: "why", dir: "auto" }, `⚠ refused: ${why}`));
    const about = `: ${index.pathShown(m)}`;
    const accept = button(index.settles(m) === "approve" ? "Approve" : "Accept", "", () => {
      this.actions.decide(ACCEPTED, m);
    });
    const reject = button("Reject", "", () => this.actions.decide(REJECTED, m));
    accept.append(el("span", { class: "unseen" }, about));
    reject.append(el("span", { class: "unseen" }, about));
    accept.hidden = index.settles(m) === "" || word === "accepted";
    reject.hidden = word === "rejected";
    return [...nodes, accept, reject];
  }

  /** Brings the chosen change into sight. */
  #aim() {
    this.draw();
    const section = this.place.querySelector("section.current, .current");
    const first = this.index.first[this.shown] === this.current;
    if (section && !first) section.scrollIntoView({ block: "nearest" });
    else this.element.scrollTop = 0;
  }

  drawCluster() {
    const { index, decisions, current } = this;
    if (current < 0) {
      this.cluster.replaceChildren();
      return;
    }
    const cluster = index.cluster(current);
    const members = index.members[index.raw.changes.cluster[current]];
    const open = members.filter((m) => decisions.status[m] === OPEN).length;
    const title = el("h2", { dir: "auto" }, cluster.title);
    const where = el("span", { class: "muted", dir: "auto" }, cluster.where);
    const left = el("span", { class: "muted" }, ` · ${number(members.length - open)} of ${number(members.length)} decided`);
    const what = el("div", { class: "what" }, title, el("p", {}, where, left));
    const names = cluster.distinct || cluster.values.length;
    const see = button(names ? `See ${count(names, "value")}` : "See", "", this.actions.values);
    see.hidden = cluster.values.length === 0;
    const accept = button("Accept cluster", "A", () => this.actions.bulk(ACCEPTED));
    const reject = button("Reject cluster", "R", () => this.actions.bulk(REJECTED));
    this.cluster.replaceChildren(what, el("div", { class: "buttons" }, see, accept, reject));
  }

  /** @param {View} view @param {Sheet} sheet */
  look(view, sheet) {
    this.view = view;
    this.sheet = sheet;
    this.element.dataset.view = view;
    this.element.dataset.page = sheet;
    this.#sides(this.place);
    this.#turn();
  }

  /** Old and new text apart, made of the inline difference. @param {Element} node */
  #sides(node) {
    if (this.view === "inline") return;
    for (const inline of node.querySelectorAll("p.diff")) {
      if (inline.closest(".aside, .sides") || inline.nextElementSibling?.matches(".sides")) continue;
      if (!inline.querySelector("del, ins")) continue;
      const old = side(inline, "ins", "before");
      const now = side(inline, "del", "now");
      inline.after(el("div", { class: "sides" }, old, now));
      inline.classList.add("apart");
    }
  }

  /** Text and drawn page as two views of one capture. @param {HTMLElement} node */
  #tabs(node) {
    const capture = node.querySelector(".capture");
    const fold = capture?.querySelector("details.rendered");
    if (!capture || !fold || capture.querySelector(".sheets")) return;
    const bar = el("div", { class: "sheets", role: "group", "aria-label": "Show the capture as" });
    for (const [sheet, name] of SHEETS) {
      const tab = button(name, "", () => this.onSheet(sheet));
      tab.dataset.sheet = sheet;
      bar.append(tab);
    }
    capture.prepend(bar);
  }

  /** Shows text or drawn page. @param {Element} [node] */
  #turn(node = this.place) {
    for (const tab of node.querySelectorAll(".sheets button")) {
      if (tab instanceof HTMLElement) {
        tab.setAttribute("aria-pressed", String(tab.dataset.sheet === this.sheet));
      }
    }
    const fold = node.querySelector("details.rendered");
    if (!(fold instanceof HTMLDetailsElement)) return;
    fold.open = this.sheet === "page";
    if (fold.open) this.articles.draw(fold, this.shown).catch(() => {});
  }

  /** Links to lines of the capture move within the article. @param {Event} event */
  #follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    const aim = link?.getAttribute("href")?.slice(1);
    if (!aim || aim.startsWith("/")) return;
    if (this.goto(aim)) event.preventDefault();
  }

  /** @param {string} id @returns {boolean} whether the article has it */
  goto(id) {
    const line = [...this.place.querySelectorAll("[id]")].find((each) => each.id === id);
    if (!line || line.matches("article")) return false;
    if (this.sheet === "page" && line.closest(".page")) this.onSheet("text");
    for (const each of this.place.querySelectorAll(".aimed")) each.classList.remove("aimed");
    const fold = line.closest("details");
    if (fold) fold.open = true;
    line.classList.add("aimed");
    line.scrollIntoView({ block: "center" });
    return true;
  }
}

/**
 * One side of an inline difference.
 * @param {Element} inline
 * @param {"del" | "ins"} without
 * @param {string} name
 */
function side(inline, without, name) {
  const text = el("p", { class: "diff", dir: "auto" });
  text.append(...[...inline.childNodes].map((each) => each.cloneNode(true)));
  for (const each of text.querySelectorAll(without)) each.remove();
  if (!text.textContent?.trim()) text.replaceChildren(el("span", { class: "muted" }, "nothing"));
  return el("div", { class: name === "now" ? "new" : "old" }, el("p", { class: "where" }, name), text);
}

/**
 * A snapshot is accepted by whole fields: what else a field waits for.
 * @param {Index} index
 * @param {Decisions} decisions
 * @param {number} m
 * @returns {string} "" for nothing
 */
function unitLeft(index, decisions, m) {
  if (index.raw.changes.of[m] < 2 || decisions.status[m] !== ACCEPTED) return "";
  const unit = index.unit(m);
  const missing = unit.filter((each) => decisions.status[each] !== ACCEPTED).length;
  if (!missing) return "";
  return `${index.root(m)} is accepted as a whole: ${count(missing, "more change")} of it to accept`;
}

/** @param {unknown} error @returns {string} */
function message(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @type {readonly (readonly [Sheet, string])[]} */
const SHEETS = [["text", "Text"], ["page", "Page"]];
