// The state of the page in its address: a link opens what a colleague saw.

/** @typedef {"inline" | "aside" | "old" | "new"} View */
/** @typedef {"text" | "page"} Sheet */
/**
 * @typedef {{status: string, verdict: string, field: string, site: string, category: string,
 *   cluster: string, q: string}} Filters
 */
/**
 * `anchor`, `path` and `rank` choose a change; `at` is an element to be shown.
 * @typedef {{place: "overview" | "review", anchor: string, path: string, rank: number,
 *   filters: Filters, view: View, sheet: Sheet, at: string}} Route
 */

/** @type {readonly View[]} */
const VIEWS = ["inline", "aside", "old", "new"];
/** @type {readonly (keyof Filters)[]} */
const FILTERS = ["status", "verdict", "field", "site", "category", "cluster", "q"];

/** @returns {Filters} */
function noFilters() {
  return { status: "", verdict: "", field: "", site: "", category: "", cluster: "", q: "" };
}

/** @returns {Route} */
function start() {
  return {
    place: "overview",
    anchor: "",
    path: "",
    rank: 1,
    filters: noFilters(),
    view: "inline",
    sheet: "text",
    at: "",
  };
}

/** @param {Route} route @param {Partial<Route>} parts @returns {Route} */
function changed(route, parts) {
  return { ...route, ...parts };
}

/** @param {string} text @returns {string} what cannot be decoded stays as it is */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The state that a fragment names. People shorten and mistype addresses: what is not known is
 * left out. A fragment without "/" is an element of the page, or a case.
 * @param {string} hash with its "#"
 * @returns {Route}
 */
function parseRoute(hash) {
  const route = start();
  const fragment = hash.replace(/^#/, "");
  if (!fragment.startsWith("/")) {
    route.at = decoded(fragment);
    return route;
  }
  const mark = fragment.indexOf("?");
  const path = mark < 0 ? fragment : fragment.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : fragment.slice(mark + 1));
  const [, place, anchor, field, rank] = path.split("/");
  if (place === "change" || place === "changes") route.place = "review";
  if (place === "change" && anchor) {
    route.anchor = decoded(anchor);
    route.path = decoded(field ?? "");
    route.rank = Math.max(1, Number.parseInt(rank ?? "1", 10) || 1);
  }
  for (const name of FILTERS) route.filters[name] = query.get(name) ?? "";
  route.view = VIEWS.find((each) => each === query.get("view")) ?? "inline";
  route.sheet = query.get("page") === "page" ? "page" : "text";
  return route;
}

/** @param {Route} route @returns {string} the fragment, with its "#" unless it is empty */
function formatRoute(route) {
  if (route.place === "overview") return route.at ? `#${encodeURIComponent(route.at)}` : "";
  const query = new URLSearchParams();
  for (const name of FILTERS) if (route.filters[name]) query.set(name, route.filters[name]);
  if (route.view !== "inline") query.set("view", route.view);
  if (route.sheet !== "text") query.set("page", route.sheet);
  const parts = ["#/changes"];
  if (route.anchor) {
    parts[0] = "#/change";
    parts.push(encodeURIComponent(route.anchor), encodeURIComponent(route.path));
    if (route.rank > 1) parts.push(String(route.rank));
  }
  const asked = query.toString();
  return parts.join("/") + (asked ? `?${asked}` : "");
}

/**
 * Writes states to the address. Steps of the cursor replace the entry, the last of a run of them
 * only: browsers stop pages that write their address more than about 20 times a second.
 */
class Address {
  /** @param {(route: Route) => void} opened is called for states that come from outside */
  constructor(opened) {
    this.timer = 0;
    /** @type {Route | null} */
    this.next = null;
    /** Where the page was when that state came. */
    this.from = "";
    addEventListener("hashchange", () => {
      this.#forget();
      opened(parseRoute(location.hash));
    });
    addEventListener("pagehide", () => this.flush());
  }

  /** @param {Route} route as an entry of its own, which "back" leaves again */
  push(route) {
    this.flush();
    const fragment = formatRoute(route);
    if (fragment !== location.hash) this.#write("pushState", fragment);
  }

  /** @param {Route} route soon */
  replace(route) {
    this.#forget();
    this.next = route;
    this.from = location.hash;
    this.timer = setTimeout(() => this.flush(), 120);
  }

  /** Writes what waits. */
  flush() {
    const route = this.next;
    this.#forget();
    // The address changes before its event comes: a link that was just followed wins.
    if (!route || location.hash !== this.from) return;
    const fragment = formatRoute(route);
    if (fragment !== location.hash) this.#write("replaceState", fragment);
  }

  #forget() {
    clearTimeout(this.timer);
    this.next = null;
  }

  /** @param {"pushState" | "replaceState"} how @param {string} fragment */
  #write(how, fragment) {
    try {
      history[how](null, "", fragment || location.pathname + location.search);
    } catch {
      // Viewers that show the file from memory (about:srcdoc) have no address to write to.
    }
  }
}
