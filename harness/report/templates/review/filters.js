// Which changes are shown, and how many each filter would show.

const OPEN = 0;
const ACCEPTED = 1;
const REJECTED = 2;
const STATUSES = ["open", "accepted", "rejected"];

/** @typedef {Exclude<keyof Filters, "q">} FacetName */
/**
 * One way to choose: `names` are what an address says, `labels` what people read, `of` the
 * number of a change's name.
 * @typedef {{name: FacetName, label: string, any: string, names: string[], labels: string[],
 *   of: (m: number) => number}} Facet
 */
/**
 * `rows` are what the list shows: a change, or `-1 - cluster` before a cluster's first change.
 * `counts` are, for each facet and each of its names, how many changes would be shown.
 * @typedef {{rows: Int32Array, shown: number, counts: Uint32Array[], passes: Uint8Array}} Sifted
 */

/**
 * @param {Index} index
 * @param {Uint8Array} status of each change
 * @returns {Facet[]}
 */
function facets(index, status) {
  const { raw, clusters } = index;
  const { verdict, category, cluster } = raw.changes;
  const titles = clusters.map((each) => each.title);
  const keys = clusters.map((each) => each.key);
  /** @type {(name: FacetName, label: string, any: string, names: string[],
   *   of: (m: number) => number, labels?: string[]) => Facet} */
  const facet = (name, label, any, names, of, labels = names) => {
    return { name, label, any, names, labels, of };
  };
  return [
    facet("status", "Status", "any status", STATUSES, (m) => status[m]),
    facet("verdict", "Verdict", "any verdict", raw.verdicts, (m) => verdict[m]),
    facet("field", "Field", "any field", raw.fields, (m) => index.fieldOf[m]),
    facet("site", "Site", "any site", raw.sites, (m) => index.siteOf[m], raw.sites.map(shown)),
    facet("category", "Category", "any category", raw.categories, (m) => category[m]),
    facet("cluster", "Cluster", "any cluster", keys, (m) => cluster[m], titles),
  ];
}

/**
 * One pass over all changes. A change that one facet alone keeps out still counts for that facet's
 * other names: so each number says what choosing it would give.
 */
class Sieve {
  /** @param {Index} index @param {Facet[]} all */
  constructor(index, all) {
    this.index = index;
    this.facets = all;
    this.words = "";
    /** @type {Uint8Array | null} changes that hold the words; null where there are none */
    this.found = null;
  }

  /** @param {Filters} filters @returns {Sifted} */
  sift(filters) {
    this.#look(filters.q);
    const { size } = this.index;
    const chosen = this.facets.map((facet) => {
      const asked = filters[facet.name];
      return asked ? facet.names.indexOf(asked) : -2;
    });
    const asked = this.facets.map((_, i) => i).filter((i) => chosen[i] !== -2);
    const counts = this.facets.map((facet) => new Uint32Array(facet.names.length));
    const passes = new Uint8Array(size);
    let shown = 0;
    for (let m = 0; m < size; m++) {
      if (this.found && !this.found[m]) continue;
      let against = -1;
      let objections = 0;
      for (const i of asked) {
        if (this.facets[i].of(m) !== chosen[i]) {
          against = i;
          if (++objections > 1) break;
        }
      }
      if (objections === 0) {
        passes[m] = 1;
        shown++;
        for (let i = 0; i < counts.length; i++) counts[i][this.facets[i].of(m)]++;
      } else if (objections === 1) counts[against][this.facets[against].of(m)]++;
    }
    return { rows: this.#rows(passes, shown), shown, counts, passes };
  }

  /** @param {string} asked */
  #look(asked) {
    const words = asked.toLowerCase().trim();
    if (words === this.words) return;
    this.words = words;
    this.found = null;
    if (!words) return;
    const each = words.split(/\s+/);
    this.found = new Uint8Array(this.index.size);
    for (let m = 0; m < this.index.size; m++) {
      const text = this.index.text(m);
      if (each.every((word) => text.includes(word))) this.found[m] = 1;
    }
  }

  /** @param {Uint8Array} passes @param {number} shown @returns {Int32Array} */
  #rows(passes, shown) {
    const rows = new Int32Array(shown + this.index.clusters.length);
    let at = 0;
    this.index.members.forEach((members, c) => {
      const head = at++;
      for (const m of members) if (passes[m]) rows[at++] = m;
      if (at === head + 1) at = head;
      else rows[head] = -1 - c;
    });
    return rows.subarray(0, at);
  }
}

/** The boxes that choose: one select a facet, and free text. */
class FilterBar {
  /**
   * @param {Facet[]} all
   * @param {(filters: Filters, typing: boolean) => void} changed
   */
  constructor(all, changed) {
    this.facets = all;
    this.filters = noFilters();
    const label = "Search in names, fields and what changed";
    this.box = el("input", { type: "search", "aria-label": label, placeholder: "Search", autocomplete: "off", spellcheck: "false" });
    this.box.addEventListener("input", () => {
      this.filters = { ...this.filters, q: this.box.value };
      changed(this.filters, true);
    });
    this.selects = all.map((facet) => {
      const select = el("select", { "aria-label": facet.label });
      select.append(el("option", { value: "" }, facet.any));
      facet.names.forEach((name) => select.append(el("option", { value: name })));
      select.addEventListener("change", () => {
        this.filters = { ...this.filters, [facet.name]: select.value };
        changed(this.filters, false);
      });
      return select;
    });
    this.clear = button("Clear filters", "", () => changed(noFilters(), false), "clear");
    this.shown = el("p", { class: "shown" });
    this.summary = el("summary", {}, "Filters");
    this.more = el("details", { class: "facets" }, this.summary, el("div", {}, ...this.selects));
    this.more.open = matchMedia("(min-width: 60rem) and (min-height: 40rem)").matches;
    const foot = el("div", { class: "foot" }, this.shown, this.clear);
    this.element = el("div", { class: "filters", role: "search", "aria-label": "Filter changes" }, this.box, this.more, foot);
  }

  /**
   * @param {Filters} filters
   * @param {Sifted} sifted
   * @param {number} size how many changes there are
   */
  show(filters, sifted, size) {
    this.filters = filters;
    if (this.box.value !== filters.q) this.box.value = filters.q;
    this.facets.forEach((facet, i) => {
      this.#options(this.selects[i], facet, sifted.counts[i], filters[facet.name]);
    });
    const asked = FILTERS.filter((name) => filters[name]);
    const chosen = asked.filter((name) => name !== "q").length;
    say(this.summary, chosen ? `Filters (${chosen})` : "Filters");
    this.clear.hidden = asked.length === 0;
    const all = sifted.shown === size;
    say(this.shown, all ? count(size, "change") : `${number(sifted.shown)} of ${count(size, "change")}`);
  }

  /**
   * @param {HTMLSelectElement} select
   * @param {Facet} facet
   * @param {Uint32Array} counts
   * @param {string} chosen
   */
  #options(select, facet, counts, chosen) {
    facet.labels.forEach((label, i) => {
      const option = select.options[i + 1];
      const short = label.length > 60 ? `${label.slice(0, 59)}…` : label;
      say(option, `${short} (${number(counts[i])})`);
      option.hidden = counts[i] === 0 && facet.names[i] !== chosen;
    });
    const extra = select.options[facet.names.length + 1];
    const unknown = chosen !== "" && !facet.names.includes(chosen);
    if (unknown && extra) {
      extra.value = chosen;
      say(extra, `${shown(chosen)} (not in this run)`);
    } else if (unknown) select.append(el("option", { value: chosen }, `${shown(chosen)} (not in this run)`));
    else extra?.remove();
    if (select.value !== chosen) select.value = chosen;
    select.classList.toggle("chosen", chosen !== "");
  }
}
