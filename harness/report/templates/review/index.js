// What the page knows of every case and change (harness/report/index.py describes the format).

/**
 * @typedef {{key: string, title: string, where: string, field: number, category: number,
 *   verdict: number, exact: boolean, alone: number, changes: number, captures: number,
 *   distinct: number, values: [string, string, number][]}} Cluster
 */
/**
 * @typedef {{version: number, run: string, sites: string[], extractors: string[],
 *   fields: string[], paths: [string, number, string, string][], categories: string[],
 *   verdicts: string[], whats: string[], settles: string[], alone: string[],
 *   clusters: Cluster[],
 *   cases: {site: number[], name: string[], extractor: number[], verdict: number[],
 *     anchor: string[], chunk: number[], changes: number[]},
 *   changes: {path: number[], category: number[], verdict: number[], what: number[],
 *     settles: number[], alone: number[], of: number[], cluster: number[], value: number[],
 *     headline: string[], old: string, new: string},
 *   left: {cases: number, changes: number, articles: number, pages: number}}} Raw
 */

const STATIC = -1;
const LEFT_OUT = -2;
const DIGEST = 16;

class Index {
  /** @param {Raw} raw */
  constructor(raw) {
    if (raw.version !== 1) throw new Error(`the index has version ${raw.version}, not 1`);
    this.raw = raw;
    this.run = raw.run;
    this.clusters = raw.clusters;
    this.cases = raw.cases.site.length;
    this.size = raw.changes.path.length;
    /** The case of each change, and its site. */
    this.caseOf = new Uint32Array(this.size);
    this.siteOf = new Uint32Array(this.size);
    /** The first change of each case, with one more at the end. */
    this.first = new Uint32Array(this.cases + 1);
    /** The position of each case's article in its chunk. */
    this.position = new Uint32Array(this.cases);
    this.fieldOf = Uint32Array.from(raw.changes.path, (p) => raw.paths[p][1]);
    this.#count();
    /** @type {number[][]} the changes of each cluster, in the order of the page */
    this.members = raw.clusters.map(() => []);
    for (let m = 0; m < this.size; m++) this.members[raw.changes.cluster[m]].push(m);
    /** @type {Map<string, number> | null} */
    this.anchors = null;
    /** @type {string[] | null} */
    this.texts = null;
  }

  #count() {
    const { cases } = this.raw;
    /** @type {Map<number, number>} */
    const chunks = new Map();
    let at = 0;
    for (let n = 0; n < this.cases; n++) {
      this.first[n] = at;
      const position = chunks.get(cases.chunk[n]) ?? 0;
      this.position[n] = position;
      chunks.set(cases.chunk[n], position + 1);
      for (const end = at + cases.changes[n]; at < end; at++) {
        this.caseOf[at] = n;
        this.siteOf[at] = cases.site[n];
      }
    }
    this.first[this.cases] = at;
    if (at !== this.size) throw new Error("the index does not add up");
  }

  /** @param {number} n @returns {string} "site/capture" */
  capture(n) {
    return this.raw.sites[this.raw.cases.site[n]] + this.raw.cases.name[n];
  }

  /** @param {number} n */
  extractor(n) {
    return this.raw.extractors[this.raw.cases.extractor[n]];
  }

  /** @param {number} n @returns {string} as it is typed: the extractor before it if it differs */
  caseId(n) {
    const capture = this.capture(n);
    const extractor = this.extractor(n);
    return capture.startsWith(`${extractor}/`) ? capture : `${extractor}:${capture}`;
  }

  /** @param {number} n @returns {string} the same, as it is shown to people */
  name(n) {
    return shown(this.caseId(n));
  }

  /** @param {number} n @returns {string} the id of its article */
  anchor(n) {
    return this.raw.cases.anchor[n] || plainAnchor(this.caseId(n));
  }

  /** @param {string} anchor @returns {number} the case, -1 for none */
  caseAt(anchor) {
    if (!this.anchors) {
      this.anchors = new Map();
      for (let n = 0; n < this.cases; n++) this.anchors.set(this.anchor(n), n);
    }
    return this.anchors.get(anchor) ?? -1;
  }

  /** @param {number} m @returns {string} */
  path(m) {
    return this.raw.paths[this.raw.changes.path[m]][0];
  }

  /** @param {number} m @returns {string} the path as it is shown to people */
  pathShown(m) {
    return this.raw.paths[this.raw.changes.path[m]][3];
  }

  /** @param {number} m @returns {string} the top-level field that is accepted with it */
  root(m) {
    return this.raw.paths[this.raw.changes.path[m]][2];
  }

  /** @param {number} m @returns {string} */
  verdict(m) {
    return this.raw.verdicts[this.raw.changes.verdict[m]];
  }

  /** @param {number} m @returns {string} */
  category(m) {
    return this.raw.categories[this.raw.changes.category[m]];
  }

  /** @param {number} m @returns {string} */
  headline(m) {
    return this.raw.changes.headline[m];
  }

  /** @param {number} m @returns {string} "accept", "approve" or "": what ends it */
  settles(m) {
    return this.raw.settles[this.raw.changes.settles[m]];
  }

  /** @returns {boolean} whether a golden contradicts any change */
  get goldens() {
    return this.raw.changes.settles.some((each) => this.raw.settles[each] === "approve");
  }

  /** @param {number} m @returns {string} */
  what(m) {
    return this.raw.whats[this.raw.changes.what[m]];
  }

  /** @param {number} m @returns {string} why it is never accepted with others; "" if it may be */
  alone(m) {
    const said = this.raw.alone[this.raw.changes.alone[m]];
    if (said) return said;
    const { distinct, values } = this.cluster(m);
    if (this.raw.changes.value[m] < 0 && distinct > values.length) {
      return "its values are not in this file";
    }
    return this.settles(m) ? "" : "only mended code or a waiver ends it";
  }

  /** @param {number} m @returns {Cluster} */
  cluster(m) {
    return this.clusters[this.raw.changes.cluster[m]];
  }

  /** @param {number} m @param {"old" | "new"} side @returns {string} 16 digits, or "" */
  digest(m, side) {
    return this.raw.changes[side].slice(m * DIGEST, (m + 1) * DIGEST).trim();
  }

  /**
   * The same case may have several changes in one path: which of them this is, from 1.
   * @param {number} m
   * @returns {number}
   */
  rank(m) {
    const { path } = this.raw.changes;
    let rank = 1;
    for (let i = this.first[this.caseOf[m]]; i < m; i++) if (path[i] === path[m]) rank++;
    return rank;
  }

  /**
   * The change of a case in a path; the first of the case where there is none such.
   * @param {number} n
   * @param {string} path
   * @param {number} rank
   * @returns {number} -1 for a case without changes
   */
  find(n, path, rank) {
    const end = this.first[n + 1];
    for (let m = this.first[n]; m < end; m++) {
      if (this.path(m) === path && rank-- === 1) return m;
    }
    return this.first[n] < end ? this.first[n] : -1;
  }

  /** @param {number} m @returns {string} what free text is looked for in, in lower case */
  text(m) {
    this.texts ??= new Array(this.size);
    const known = this.texts[m];
    if (known !== undefined) return known;
    const parts = [this.name(this.caseOf[m]), this.pathShown(m), this.headline(m)];
    return (this.texts[m] = [...parts, this.cluster(m).title].join("\n").toLowerCase());
  }

  /**
   * The changes of the same case and top-level field that a snapshot is accepted with.
   * @param {number} m
   * @returns {number[]}
   */
  unit(m) {
    const n = this.caseOf[m];
    const root = this.root(m);
    const found = [];
    for (let i = this.first[n]; i < this.first[n + 1]; i++) {
      if (this.root(i) === root && this.settles(i) === "accept") found.push(i);
    }
    return found;
  }
}

/** @param {string} id @returns {string} what harness.report.index.plain_anchor gives */
function plainAnchor(id) {
  const short = id.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 200);
  return short.replace(/^-+|-+$/g, "") || "change";
}
