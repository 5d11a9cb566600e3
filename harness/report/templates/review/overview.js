// What the script adds to the overview: ways into the review, and buttons at the clusters.

/**
 * Puts the buttons at each cluster's card.
 * @param {Review} review
 * @returns {() => void} draws what was decided of them
 */
function cards(review) {
  const { index, decisions } = review;
  const byKey = new Map(index.clusters.map((each, c) => [each.key, c]));
  /** @type {[number, HTMLElement][]} */
  const states = [];
  for (const card of document.querySelectorAll("[data-cluster]")) {
    const c = card instanceof HTMLElement ? byKey.get(card.dataset.cluster ?? "") : undefined;
    const place = card.querySelector(".actions");
    if (c === undefined || !place || !index.members[c].length) continue;
    const state = el("span", { class: "muted" });
    const about = el("span", { class: "unseen" }, `: ${index.clusters[c].title}`);
    const buttons = [
      button("Review", "", () => enterCluster(review, c)),
      button("Accept all", "", () => review.decider.bulk(ACCEPTED, c)),
      button("Reject all", "", () => review.decider.bulk(REJECTED, c)),
    ];
    for (const each of buttons) each.append(about.cloneNode(true));
    place.append(...buttons, " ", state);
    states.push([c, state]);
  }
  return () => {
    for (const [c, state] of states) {
      const members = index.members[c];
      const done = members.filter((m) => decisions.status[m] !== OPEN).length;
      say(state, done ? `${number(done)} of ${number(members.length)} decided` : "");
    }
  };
}

/** With a script, a link of the map shows all changes of its site and field, not the first case. */
function mapped() {
  for (const link of document.querySelectorAll("a[data-state]")) {
    link.setAttribute("href", link.getAttribute("data-state") ?? "");
  }
}

/** @param {Review} review @param {number} c */
function enterCluster(review, c) {
  const members = review.index.members[c];
  const open = members.find((m) => review.decisions.status[m] === OPEN);
  review.current = open ?? members[0];
  review.enter();
}

/** The buttons in the bar. @param {Review} review */
function doors(review) {
  const nav = document.querySelector("header.bar nav") ?? document.querySelector("header.bar > div");
  if (!nav) return;
  const enter = button(`Review ${count(review.index.size, "change")}`, "j", () => review.enter(), "enter");
  const leave = button("Overview", "Esc", () => review.leave(), "leave");
  const help = button("Help", "?", () => showHelp(HELP), "keys-help");
  nav.append(el("span", { class: "doors" }, enter, leave, help));
}

/** Reads the index and begins; without one, or where it cannot be read, the page stays as it is. */
async function begin() {
  const packed = document.getElementById("--index")?.textContent;
  if (!packed?.trim()) return;
  try {
    const index = new Index(await inflated(packed));
    if (index.size) new Review(index).start();
  } catch (error) {
    const why = `The list and the keys cannot be shown here: ${message(error)}. The page below is complete without them.`;
    document.querySelector("main")?.prepend(el("p", { class: "notice", role: "alert" }, why));
  }
}

begin();
