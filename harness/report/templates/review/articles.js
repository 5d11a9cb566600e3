// Articles of cases: in the document, packed in the file, or asked of the server.

/** How many chunks stay unpacked: a page of 10,000 articles must not hold them all as text. */
const CHUNKS_KEPT = 48;

class Articles {
  /**
   * @param {Index} index
   * @param {Server | null} server
   */
  constructor(index, server) {
    this.index = index;
    this.server = server;
    /** @type {Map<string, Promise<any>>} what chunks hold, the last used last */
    this.chunks = new Map();
    /** @type {Map<string, Element>} */
    this.packed = new Map();
    for (const script of document.querySelectorAll("script.chunk, script.pages")) {
      if (!(script instanceof HTMLElement)) continue;
      const kind = script.classList.contains("pages") ? "p" : "";
      this.packed.set(kind + (script.dataset.chunk ?? ""), script);
    }
    /** @type {{node: HTMLElement, home: Comment} | null} a static article away from its place */
    this.lent = null;
    /** @type {Map<number, string>} what the server gave, by case */
    this.fetched = new Map();
  }

  /**
   * The article of a case, where it can be had at once or by unpacking.
   * @param {number} n
   * @returns {HTMLElement | Promise<HTMLElement | null> | null} null: it is not in this file
   */
  get(n) {
    const known = this.fetched.get(n);
    if (known) return parsed(known);
    const chunk = this.index.raw.cases.chunk[n];
    if (chunk === LEFT_OUT) return null;
    if (chunk === STATIC) return this.#lend(n);
    return this.#unpacked(String(chunk)).then((all) => parsed(all[this.index.position[n]]));
  }

  /** Unpacks ahead what will be asked for next. @param {number} n */
  prepare(n) {
    const chunk = this.index.raw.cases.chunk[n];
    if (chunk >= 0 && !this.fetched.has(n)) this.#unpacked(String(chunk)).catch(() => {});
  }

  /** @param {number} n @returns {Promise<HTMLElement | null>} with its capture, from the server */
  async fetch(n) {
    if (!this.server) return null;
    const html = await this.server.article(this.index.anchor(n));
    const node = parsed(html);
    if (node) this.fetched.set(n, html);
    return node;
  }

  /** Puts a static article back to its place, for print and for the page without the list. */
  giveBack() {
    if (!this.lent) return;
    this.lent.home.replaceWith(this.lent.node);
    this.lent = null;
  }

  /** @param {number} n @returns {HTMLElement | null} */
  #lend(n) {
    if (this.lent?.node.id === this.index.anchor(n)) return this.lent.node;
    const node = document.getElementById(this.index.anchor(n));
    if (!node) return null;
    const home = document.createComment("article");
    node.replaceWith(home);
    this.giveBack();
    this.lent = { node, home };
    return node;
  }

  /**
   * Puts a drawn capture that is packed into its place.
   * @param {HTMLElement} fold
   * @param {number} n
   */
  async draw(fold, n) {
    const chunk = fold.dataset.pages;
    if (!chunk || fold.querySelector("iframe")) return;
    const pages = await this.#unpacked(`p${chunk}`);
    const title = `The page of ${shown(this.index.capture(n)).slice(0, 200)}`;
    // Without allow-scripts or allow-same-origin nothing in it runs or reads.
    const frame = el("iframe", { sandbox: true, title, srcdoc: pages[this.index.anchor(n)] });
    if (!fold.querySelector("iframe")) fold.append(frame);
  }

  /**
   * @param {string} chunk
   * @returns {Promise<any>} an array of articles, or an object of drawn captures by anchor
   */
  #unpacked(chunk) {
    const known = this.chunks.get(chunk);
    const found = known ?? inflated(this.packed.get(chunk)?.textContent ?? "");
    this.chunks.delete(chunk);
    this.chunks.set(chunk, found);
    if (this.chunks.size > CHUNKS_KEPT) {
      for (const oldest of this.chunks.keys()) {
        this.chunks.delete(oldest);
        break;
      }
    }
    return found;
  }
}

/**
 * The article in HTML that Python escaped; nothing of it runs in a template, nor after, since the
 * page's policy allows no script but this one.
 * @param {string | undefined} html
 * @returns {HTMLElement | null}
 */
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html ?? "";
  const node = template.content.querySelector("article");
  return node && document.importNode(node, true);
}

/**
 * What is known of a case whose article is not in the file.
 * @param {Index} index
 * @param {number} n
 * @returns {HTMLElement}
 */
function stub(index, n) {
  const title = el("h3", {}, el("bdi", {}, index.name(n)));
  const article = el("article", { class: "case", id: index.anchor(n) }, el("header", {}, title));
  const fields = el("div", { class: "fields" });
  for (let m = index.first[n]; m < index.first[n + 1]; m++) {
    const head = el("h4", {}, el("bdi", { class: "path" }, index.pathShown(m)), " ");
    head.append(el("span", { class: "category" }, index.category(m)));
    const said = el("p", { class: "said", dir: "auto" }, index.headline(m));
    fields.append(el("section", { class: "field", "data-change": String(m) }, head, said));
  }
  fields.append(notInFile("The differences of this capture are", index.caseId(n)));
  article.append(fields);
  return article;
}

/**
 * @param {string} what
 * @param {string} id the case, as it is typed
 * @returns {HTMLElement}
 */
function notInFile(what, id) {
  const note = el("p", { class: "notice left-out" }, `${what} not in this file, which would be too large. `);
  note.append(el("code", { dir: "ltr" }, "harness review"), " shows everything; ");
  note.append(el("code", { dir: "ltr" }, shown(`harness check ${quoted(id)}`)));
  note.append(" makes a report of this capture alone.");
  return note;
}
