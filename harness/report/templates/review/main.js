// The review: what keys and buttons do.

class Review {
  /** @param {Index} index */
  constructor(index) {
    this.index = index;
    this.decisions = new Decisions(index);
    this.decisions.by = remembered("harness-reviewer") ?? "";
    this.current = -1;
    this.route = start();
    this.timer = 0;
    const token = meta("harness-token");
    this.server = document.documentElement.dataset.mode === "review" ? this.#serve(token) : null;
    this.keeper = this.server ? null : this.#keep();
    const all = facets(index, this.decisions.status);
    this.decider = new Decider(this);
    this.sieve = new Sieve(index, all);
    this.filters = new FilterBar(all, (filters, typing) => this.filter(filters, typing));
    this.list = new List(index, this.decisions, (m) => this.choose(m, "push"));
    this.articles = new Articles(index, this.server);
    this.detail = new Detail(index, this.decisions, this.articles, {
      decide: (status, m) => this.decider.decide(status, m),
      bulk: (status) => this.decider.bulk(status),
      values: () => this.decider.values(this.cluster),
    });
    this.detail.onSheet = (sheet) => this.look(this.route.view, sheet);
    this.desk = new Desk(this.#actions(), this.filters, this.list, this.detail, index.goldens);
    this.address = new Address((route) => this.open(route));
    this.sifted = this.sieve.sift(this.route.filters);
  }

  /** Puts the review into the page and opens what the address names. */
  start() {
    document.querySelector("main")?.prepend(this.desk.element);
    document.documentElement.classList.add("scripted");
    this.cards = cards(this);
    doors(this);
    mapped();
    listen(this.#keys());
    this.keeper?.load();
    this.server?.start();
    this.detail.look(this.route.view, this.route.sheet);
    this.open(parseRoute(location.hash));
    this.drawn();
  }

  /** The cluster of the chosen change, -1 without one. */
  get cluster() {
    return this.current < 0 ? -1 : this.index.raw.changes.cluster[this.current];
  }

  // --- where one is -----------------------------------------------------------------------------

  /** @param {Route} asked a state that a link, an address or "back" names */
  open(asked) {
    const { route, line } = this.#resolved(asked);
    openDialog()?.close();
    this.route = route;
    if (route.place === "overview") {
      this.#place();
      if (route.at) document.getElementById(route.at)?.scrollIntoView();
      return;
    }
    this.sift();
    this.#place();
    this.desk.look(route.view);
    this.detail.look(route.view, route.sheet);
    const n = route.anchor ? this.index.caseAt(route.anchor) : -1;
    const m = n < 0 ? this.#firstRow() : this.index.find(n, route.path, route.rank);
    if (route.anchor && n < 0) this.desk.tell(`There is no change ${route.anchor} in this run.`);
    this.choose(m, "replace");
    this.address.flush();
    if (line) requestAnimationFrame(() => this.detail.goto(line));
  }

  /**
   * A plain fragment may be a case, or a line of its capture.
   * @param {Route} asked
   * @returns {{route: Route, line: string}}
   */
  #resolved(asked) {
    const { at } = asked;
    if (asked.place === "review" || !at) return { route: asked, line: "" };
    const anchor = this.index.caseAt(at) < 0 ? at.replace(/--\d+$/, "") : at;
    if (this.index.caseAt(anchor) < 0) return { route: asked, line: "" };
    return { route: changed(asked, { place: "review", anchor, at: "" }), line: anchor === at ? "" : at };
  }

  /** Shows the overview or the desk. */
  #place() {
    const reviewing = this.route.place === "review";
    document.documentElement.classList.toggle("reviewing", reviewing);
    if (!reviewing) this.detail.close();
  }

  /** From the overview to where one was, or to the worst change. */
  enter() {
    if (this.route.place === "review") return;
    this.route = changed(this.route, { place: "review", at: "" });
    this.sift();
    this.#place();
    const m = this.current < 0 ? this.#firstRow() : this.current;
    this.choose(m, "push");
    scrollTo(0, 0);
    this.list.element.focus({ preventScroll: true });
  }

  leave() {
    if (this.route.place === "overview") return;
    this.route = changed(this.route, { place: "overview", anchor: "", at: "" });
    this.#place();
    this.address.push(this.route);
    scrollTo(0, 0);
  }

  /** @returns {number} the first change that is shown, -1 for none */
  #firstRow() {
    return this.sifted.rows.length ? this.sifted.rows[1] : -1;
  }

  /**
   * Shows a change.
   * @param {number} m -1 for none
   * @param {"push" | "replace"} how the address is written
   */
  choose(m, how) {
    this.current = m;
    const { index } = this;
    const chosen = { anchor: "", path: "", rank: 1 };
    if (m >= 0) {
      chosen.anchor = index.anchor(index.caseOf[m]);
      chosen.path = index.path(m);
      chosen.rank = index.rank(m);
    }
    this.route = changed(this.route, { place: "review", at: "", ...chosen });
    this.address[how](this.route);
    this.list.select(m);
    this.detail.show(m);
    this.#prepare();
  }

  /** Unpacks the articles that the next key may ask for. */
  #prepare() {
    const { rows } = this.sifted;
    const at = this.list.row(this.current);
    for (const ahead of [1, 2, 3, -1, -2]) {
      const m = rows[at + ahead];
      if (m >= 0) this.articles.prepare(this.index.caseOf[m]);
    }
    const next = this.#clusterRow(at, 1);
    if (next >= 0) this.articles.prepare(this.index.caseOf[rows[next + 1]]);
  }

  // --- moving -----------------------------------------------------------------------------------

  /** @param {number} by rows, down or up */
  step(by) {
    if (this.route.place !== "review") {
      this.enter();
      return;
    }
    const { rows } = this.sifted;
    const at = this.list.row(this.current);
    let to = at < 0 ? 1 : Math.min(rows.length - 1, Math.max(1, at + by));
    if (rows[to] < 0) to += Math.sign(by) || 1;
    const m = rows[to];
    if (m === undefined) this.desk.tell("No change matches these filters.");
    else if (to === at) this.desk.tell(by > 0 ? "This is the last change." : "This is the first change.");
    else this.go(m);
  }

  /** @param {number} by 1 or -1 */
  stepCluster(by) {
    if (this.route.place !== "review") {
      this.enter();
      return;
    }
    const to = this.#clusterRow(this.list.row(this.current), by);
    if (to >= 0) this.go(this.sifted.rows[to + 1]);
    else this.desk.tell(by > 0 ? "This is the last cluster." : "This is the first cluster.");
  }

  /** @param {number} m with what a screen reader that is not in the list has to say */
  go(m) {
    this.choose(m, "replace");
    const { index } = this;
    const said = `${index.name(index.caseOf[m])}, ${index.pathShown(m)}: ${index.headline(m)}`;
    this.desk.tell(document.activeElement === this.list.element ? "" : said);
  }

  /** @param {number} at @param {number} by @returns {number} the row of a heading, -1 for none */
  #clusterRow(at, by) {
    const { rows } = this.sifted;
    let to = at;
    // Upwards, the first heading is that of the row's own cluster.
    if (by < 0) while (to >= 0 && rows[to] >= 0) to--;
    for (to += by; to >= 0 && to < rows.length; to += by) if (rows[to] < 0) return to;
    return -1;
  }

  /** @param {boolean} elsewhere in another cluster first @returns {number} -1 when all are decided */
  nextOpen(elsewhere) {
    const { rows } = this.sifted;
    const { status } = this.decisions;
    const at = Math.max(0, this.list.row(this.current));
    const clusters = this.index.raw.changes.cluster;
    const here = this.cluster;
    let inside = -1;
    for (let i = 1; i <= rows.length; i++) {
      const m = rows[(at + i) % rows.length];
      if (m < 0 || status[m] !== OPEN || m === this.current) continue;
      if (!elsewhere || clusters[m] !== here) return m;
      if (inside < 0) inside = m;
    }
    return inside;
  }

  skip() {
    if (this.route.place !== "review") this.enter();
    else {
      const m = this.nextOpen(false);
      if (m >= 0) this.go(m);
      else this.desk.tell("No other change is open.");
    }
  }

  // --- looking ----------------------------------------------------------------------------------

  /** @param {Filters} filters @param {boolean} typing a letter is no step of its own in "back" */
  filter(filters, typing) {
    this.route = changed(this.route, { place: "review", filters });
    this.sift();
    const kept = this.list.row(this.current) >= 0;
    this.choose(kept ? this.current : this.#firstRow(), typing ? "replace" : "push");
  }

  /** Works out what is shown. */
  sift() {
    clearTimeout(this.timer);
    this.sifted = this.sieve.sift(this.route.filters);
    this.list.show(this.sifted.rows);
    this.filters.show(this.route.filters, this.sifted, this.index.size);
    this.desk.nothing.hidden = this.sifted.shown > 0;
  }

  /** Shows what was decided, here or elsewhere. */
  drawn() {
    const { decisions, index, desk, list, detail } = this;
    desk.count(decisions.decided, index.size);
    // Without a filter of it, a status changes no row: the numbers in the filters can wait.
    if (this.route.filters.status) this.sift();
    else {
      list.refresh();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.sift(), 80);
    }
    detail.drawCluster();
    detail.draw();
    this.cards?.();
  }

  /** @param {View} view @param {Sheet} sheet */
  look(view, sheet) {
    this.route = changed(this.route, { view, sheet });
    this.detail.look(view, sheet);
    this.desk.look(view);
    this.address.replace(this.route);
  }

  turn() {
    const next = VIEWS[(VIEWS.indexOf(this.route.view) + 1) % VIEWS.length];
    this.look(next, this.route.sheet);
    this.desk.tell(`View: ${VIEW_NAMES[next]}`);
  }

  search() {
    this.enter();
    this.filters.box.focus();
    this.filters.box.select();
  }

  // --- wiring -----------------------------------------------------------------------------------

  /** @param {string} token */
  #serve(token) {
    return new Server(this.decisions, token, {
      changed: () => this.drawn(),
      refused: (changes) => {
        this.drawn();
        const why = this.decisions.why.get(changes[0]);
        this.desk.tell(`Refused ${count(changes.length, "decision")}: ${why}`);
      },
      banner: (text) => this.desk.warn(text),
    });
  }

  #keep() {
    return new Keeper(
      this.decisions,
      (changes) => {
        if (changes.length) this.drawn();
      },
      () => this.desk.warn("This browser keeps nothing for this file. Export your decisions before you close it."),
    );
  }

  /** @returns {DeskActions} */
  #actions() {
    return {
      next: () => this.step(1),
      previous: () => this.step(-1),
      nextCluster: () => this.stepCluster(1),
      previousCluster: () => this.stepCluster(-1),
      accept: () => this.decider.decide(ACCEPTED),
      reject: () => this.decider.decide(REJECTED),
      acceptCluster: () => this.decider.bulk(ACCEPTED),
      rejectCluster: () => this.decider.bulk(REJECTED),
      skip: () => this.skip(),
      undo: () => void this.decider.undo(),
      turn: () => this.turn(),
      help: () => showHelp(HELP),
      reviewer: () => this.decider.reviewer(),
      export: () => showExport(this.decisions, (text) => this.desk.tell(text)),
    };
  }

  /** @returns {Record<string, (event: KeyboardEvent) => boolean | void>} */
  #keys() {
    const act = this.#actions();
    const inList = () => document.activeElement === this.list.element;
    /** @type {(by: number) => () => boolean | void} */
    const row = (by) => () => (inList() ? this.step(by) : false);
    /** @type {Record<string, (event: KeyboardEvent) => boolean | void>} */
    const keys = {
      j: act.next, k: act.previous, n: act.nextCluster, p: act.previousCluster,
      a: act.accept, r: act.reject, s: act.skip, u: act.undo, d: act.turn,
      "/": () => this.search(), "?": act.help,
      ArrowDown: row(1), ArrowUp: row(-1), PageDown: row(10), PageUp: row(-10),
      Home: row(-Infinity), End: row(Infinity),
      Enter: (event) => (event.target === document.body ? this.enter() : false),
    };
    /** @type {Record<string, (event: KeyboardEvent) => boolean | void>} */
    const free = {};
    for (const [key, action] of Object.entries(keys)) {
      free[key] = (event) => (openDialog() ? false : action(event));
    }
    const cluster = (/** @type {number} */ status) => () => {
      const open = openDialog();
      if (!open) return this.decider.bulk(status);
      return open.matches(".values") ? this.decider.bulk(status, this.decider.asked) : false;
    };
    return { ...free, A: cluster(ACCEPTED), R: cluster(REJECTED), Escape: () => this.#escape() };
  }

  /** @returns {boolean | void} false where the browser closes a dialog itself */
  #escape() {
    if (openDialog()) return false;
    const { box } = this.filters;
    if (document.activeElement !== box) return this.leave();
    this.list.element.focus();
    return undefined;
  }
}

/** @param {string} name @returns {string} what a meta element says, "" without one */
function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}
