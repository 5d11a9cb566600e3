// Review mode: `harness review` keeps the decisions, and its answer is the truth.

const POLL_MS = 2000;
const WAIT_MS = 60_000;

/** @typedef {{case: string, field: string, decision: string, by?: string, at?: string,
 *   state?: string, note?: string, why?: string, category?: string, old?: string, new?: string}} Told */
/** @typedef {{changes: number[], before: number[], body: string}} Sending */

/** What the server said about a request that it will not take, whoever asks again. */
class Refused extends Error {}

class Server {
  /**
   * @param {Decisions} decisions
   * @param {string} token
   * @param {{changed: (changes: number[]) => void, refused: (changes: number[]) => void,
   *   banner: (text: string) => void}} hooks
   */
  constructor(decisions, token, hooks) {
    this.decisions = decisions;
    this.token = token;
    this.hooks = hooks;
    this.version = 0;
    /** @type {Sending[]} */
    this.queue = [];
    this.sending = false;
    this.polling = false;
    /** What is being sent is answered, or will have to be sent again. */
    this.flushed = Promise.resolve();
    /** @type {Map<string, number[]> | null} changes by case and field */
    this.known = null;
    addEventListener("visibilitychange", () => this.#tick());
    // Closing the tab would lose what was never sent.
    addEventListener("beforeunload", (event) => {
      if (this.queue.length) event.preventDefault();
    });
    setInterval(() => this.#tick(), POLL_MS);
  }

  /** @returns {Promise<void>} when the state is known */
  async start() {
    await this.#poll();
  }

  /**
   * @param {string} path below the page's own address
   * @param {object} [body] makes it a POST
   * @returns {Promise<Response>} one that is all right; Refused or a network error otherwise
   */
  async #ask(path, body) {
    /** @type {Record<string, string>} */
    const headers = { "X-Harness-Token": this.token };
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(WAIT_MS),
    });
    if (answer.ok) return answer;
    if (answer.status >= 500) throw new Error(`it answered with status ${answer.status}`);
    throw new Refused(await reason(answer));
  }

  /** @param {string} anchor @returns {Promise<string>} the article of a case with its capture */
  async article(anchor) {
    return (await this.#ask(`api/article/${encodeURIComponent(anchor)}`)).text();
  }

  /** @param {number[]} changes @param {number[]} before as they stood before the decision */
  send(changes, before) {
    const { decisions } = this;
    const body = { decisions: changes.map((m) => decisions.record(m)), by: decisions.by };
    for (const m of changes) decisions.waiting.add(m);
    this.queue.push({ changes, before, body: JSON.stringify(body) });
    if (!this.sending) this.flushed = this.#flush();
  }

  /** @returns {Promise<number[]>} the changes that are as before; Error where it cannot be */
  async undo() {
    if (this.queue.length) throw new Error("decisions still wait for harness review");
    const told = await (await this.#ask("api/undo", { steps: 1, by: this.decisions.by })).json();
    const back = (told.undone ?? []).flatMap((/** @type {Told} */ each) => this.#find(each));
    const touched = back.filter((/** @type {number} */ m) => decisionsPut(this.decisions, m, OPEN));
    this.hooks.changed(touched);
    const refused = told.refused ?? [];
    if (!back.length && refused.length) throw new Error(refused[0].why);
    await this.#poll();
    return back;
  }

  async #flush() {
    this.sending = true;
    try {
      while (this.queue.length) {
        const next = this.queue[0];
        await this.#deliver(next);
        this.queue.shift();
        for (const m of next.changes) this.decisions.waiting.delete(m);
        this.hooks.changed(next.changes);
      }
      this.#connected();
    } catch (error) {
      this.#lost(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {Sending} next */
  async #deliver(next) {
    const { decisions } = this;
    try {
      const told = await (await this.#ask("api/decide", JSON.parse(next.body))).json();
      const before = new Map(next.changes.map((m, i) => [m, next.before[i]]));
      const refused = (told.refused ?? []).flatMap((/** @type {Told} */ each) => {
        return this.#refuse(each, before);
      });
      if (refused.length) this.hooks.refused(refused);
      for (const each of told.applied ?? []) this.#note(each, before);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const m of next.changes) decisions.why.set(m, error.message);
      next.changes.forEach((m, i) => decisions.put(m, next.before[i]));
      this.hooks.refused(next.changes);
    }
  }

  /** @param {Told} told @param {Map<number, number>} before @returns {number[]} */
  #refuse(told, before) {
    const { decisions } = this;
    const found = this.#find(told).filter((m) => before.has(m));
    for (const m of found) {
      decisions.put(m, before.get(m) ?? OPEN);
      decisions.why.set(m, told.why ?? "it was refused");
    }
    return found;
  }

  /** @param {Told} told @param {{has: (m: number) => boolean}} among */
  #note(told, among) {
    const text = [told.state, told.by && `by ${told.by}`, told.note].filter(Boolean).join(", ");
    for (const m of this.#find(told)) {
      if (among.has(m)) this.decisions.notes.set(m, text);
    }
  }

  /** @param {Told} told @returns {number[]} the changes it is about */
  #find(told) {
    const { index } = this.decisions;
    if (!this.known) {
      this.known = new Map();
      for (let m = 0; m < index.size; m++) {
        const key = `${index.caseId(index.caseOf[m])}\n${index.path(m)}`;
        const others = this.known.get(key);
        if (others) others.push(m);
        else this.known.set(key, [m]);
      }
    }
    const found = this.known.get(`${told.case}\n${told.field}`) ?? [];
    // A golden, a snapshot and an invariant may object to one field at once; and what was decided
    // about other values than this page shows is not about its changes.
    const { category, old, new: now } = told;
    return found.filter((m) => {
      if (category && category !== index.category(m)) return false;
      if (old !== undefined && old !== index.digest(m, "old")) return false;
      return now === undefined || now === index.digest(m, "new");
    });
  }

  #tick() {
    if (document.visibilityState === "hidden") return;
    if (this.queue.length && !this.sending) this.flushed = this.#flush();
    else this.#poll();
  }

  async #poll() {
    if (this.polling) return;
    this.polling = true;
    try {
      const told = await (await this.#ask(`api/state?since=${this.version}`)).json();
      this.#take(told);
      this.#connected();
    } catch (error) {
      this.#lost(error);
    } finally {
      this.polling = false;
    }
  }

  /** @param {{version: number, decisions?: Told[], by?: string}} told */
  #take(told) {
    const { decisions } = this;
    if (told.by && !decisions.by) decisions.by = told.by;
    // A server that was started anew counts its versions anew.
    if (told.version < this.version) this.version = 0;
    else this.version = told.version;
    const changed = [];
    for (const each of told.decisions ?? []) {
      for (const m of this.#find(each)) {
        if (decisions.waiting.has(m)) continue;
        const was = decisions.notes.get(m);
        this.#note(each, new Set([m]));
        const status = statusOf(each.decision);
        if (decisions.put(m, status) || decisions.notes.get(m) !== was) changed.push(m);
      }
    }
    if (changed.length) this.hooks.changed(changed);
  }

  #connected() {
    this.hooks.banner("");
  }

  /** @param {unknown} error */
  #lost(error) {
    const waiting = this.decisions.waiting.size;
    if (error instanceof Refused) {
      this.hooks.banner(`harness review refuses this page: ${error.message}.`);
      return;
    }
    const kept = waiting
      ? `${count(waiting, "decision")} wait${waiting === 1 ? "s" : ""} here and will be sent when it answers; keep this page open.`
      : "What you decide waits here until it answers.";
    this.hooks.banner(`No connection to harness review. ${kept}`);
  }
}

/** @param {string} decision @returns {number} */
function statusOf(decision) {
  if (decision === "reject") return REJECTED;
  return decision === "accept" || decision === "approve" ? ACCEPTED : OPEN;
}

/** @param {Decisions} decisions @param {number} m @param {number} status */
function decisionsPut(decisions, m, status) {
  decisions.notes.delete(m);
  return decisions.put(m, status);
}

/** @param {Response} answer @returns {Promise<string>} why, in the server's words */
async function reason(answer) {
  const text = await answer.text();
  try {
    const told = JSON.parse(text);
    return String(told.why ?? told.error ?? told.detail ?? text);
  } catch {
    return text.trim().slice(0, 300) || `status ${answer.status}`;
  }
}
