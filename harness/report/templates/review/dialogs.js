// Help, the values of a cluster, the reviewer's name, the file of decisions.

/**
 * A dialog with a title and a way out. The browser keeps the focus in it and gives it back.
 * @param {string} title
 * @param {string} kind its class
 * @param {...(Node | string)} children
 * @returns {HTMLDialogElement}
 */
function dialog(title, kind, ...children) {
  const heading = el("h2", { id: `--dialog-${kind}`, tabindex: "-1" }, title);
  const made = el("dialog", { class: `review-dialog ${kind}`, "aria-labelledby": heading.id });
  const close = button("Close", "Esc", () => made.close(), "close");
  made.append(el("div", { class: "head" }, heading, close), ...children);
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  return made;
}

/** @returns {HTMLDialogElement | null} the dialog that is open */
function openDialog() {
  const found = document.querySelector("dialog.review-dialog[open]");
  return found instanceof HTMLDialogElement ? found : null;
}

/** @param {readonly (readonly [string, string])[]} keys what each key does */
function showHelp(keys) {
  const list = el("dl", { class: "keys" });
  for (const [key, does] of keys) {
    const names = key.split(" ").map((each) => el("kbd", {}, each));
    const term = el("dt", {}, ...names.flatMap((each, i) => (i ? [" ", each] : [each])));
    list.append(el("div", {}, term, el("dd", {}, does)));
  }
  const more = el("p", {}, "A whole cluster is accepted only after its values were shown, and never with it: a field that is empty now, a text that is quite another one, a record that an invariant objects to. Those are decided one by one.");
  const made = dialog("Keys", "help", list, more);
  made.showModal();
}

/**
 * Every distinct value of a cluster, and what can be decided about them together.
 * @param {Cluster} cluster
 * @param {string} note what cannot
 * @param {HTMLButtonElement[]} actions
 */
function showValues(cluster, note, actions) {
  const body = el("tbody");
  for (const [old, now, times] of cluster.values) {
    const row = el("tr", {}, el("td", { class: "count" }, number(times)));
    row.append(el("td", { dir: "auto" }, old ? el("del", {}, old) : el("span", { class: "muted" }, "nothing")));
    row.append(el("td", { dir: "auto" }, now ? el("ins", {}, now) : el("span", { class: "muted" }, "nothing")));
    body.append(row);
  }
  const heads = ["times", "old", "new"].map((each) => el("th", { scope: "col" }, each));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body);
  const left = cluster.distinct - cluster.values.length;
  const parts = [
    el("p", { dir: "auto" }, el("strong", {}, cluster.title), ` ${cluster.where}`),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Distinct values" }, table),
  ];
  if (left > 0) parts.push(el("p", { class: "notice" }, `${count(left, "more value")}: this file has no room for them, so their changes are decided one by one.`));
  if (note) parts.push(el("p", { class: "notice" }, note));
  const made = dialog(count(cluster.distinct, "distinct value"), "values", ...parts, el("div", { class: "buttons" }, ...actions));
  made.showModal();
  made.querySelector("h2")?.focus();
}

/** What a golden's trust means (harness/model.py). */
const TRUSTS = [
  ["reviewed", "reviewed: I looked at the page"],
  ["auto", "auto: nobody has looked yet"],
  ["known-wrong", "known-wrong: noted, not asserted"],
];

/**
 * Asks who approves, and how far what is approved can be trusted.
 * @param {{by: string, trust: string}} known
 * @param {string} verb what happens with them
 * @param {(name: string, trust: string) => void} given is called with a name that is not empty
 */
function askReviewer(known, verb, given) {
  const box = el("input", { type: "text", id: "--reviewer", autocomplete: "name", required: true, maxlength: "200" });
  box.value = known.by;
  const trust = el("select", { id: "--trust" }, ...TRUSTS.map(([value, said]) => el("option", { value }, said)));
  trust.value = known.trust;
  const meaning = el("label", { for: trust.id }, "Trust");
  const label = el("label", { for: box.id }, "Your name");
  const why = el("p", {}, "A golden says otherwise: what you approve replaces it, with your name and this trust.");
  const form = el("form", { method: "dialog" }, label, box, meaning, trust, el("button", { type: "submit" }, verb));
  const made = dialog("Who approves?", "name", why, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = box.value.trim();
    if (!name) return;
    made.close();
    given(name, trust.value);
  });
  made.showModal();
  box.select();
}

/**
 * The decisions as a file, and as text where a sandbox forbids downloads.
 * @param {Decisions} decisions
 * @param {(text: string) => void} told
 */
function showExport(decisions, told) {
  const text = decisions.exported();
  const area = el("textarea", { readonly: true, rows: "8", "aria-label": "decisions.json", dir: "ltr", spellcheck: "false" });
  area.value = text;
  const save = button("Download decisions.json", "", () => {
    download("decisions.json", text);
    told(`decisions.json has ${count(decisions.decided, "decision")}`);
  });
  const copy = button("Copy", "", async () => {
    area.select();
    // The older way needs no permission, which files and frames often lack.
    if (!document.execCommand("copy")) await navigator.clipboard.writeText(text);
    say(copy, "Copied");
  });
  const how = el("p", {}, "Apply them with ", el("code", { dir: "ltr" }, "harness accept decisions.json"), ".");
  const what = el("p", {}, `${count(decisions.decided, "decision")}, ${number(decisions.index.size - decisions.decided)} still open.`);
  const made = dialog("Export decisions", "export", what, how, el("div", { class: "buttons" }, save, copy), area);
  made.showModal();
  save.focus();
}

/** @param {string} name @param {string} text */
function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
