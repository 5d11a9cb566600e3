// Accepting, rejecting and taking back: one change, or what may be decided together.

class Decider {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    this.index = review.index;
    this.decisions = review.decisions;
    /** @type {Set<number>} clusters whose values were shown */
    this.seen = new Set();
    /** The cluster whose values were shown last. */
    this.asked = -1;
  }

  /** @param {string} text */
  #tell(text) {
    this.review.desk.tell(text);
  }

  /** @returns {boolean} */
  get #reviewing() {
    return this.review.route.place === "review";
  }

  /** @param {number} status @param {number} [m] the chosen change unless another is given */
  decide(status, m = this.review.current) {
    const { review, index } = this;
    if (m < 0 || !this.#reviewing) return;
    if (status === ACCEPTED && !index.settles(m)) {
      this.#tell(`This cannot be accepted: ${index.alone(m)}. Reject it, or skip it.`);
      return;
    }
    this.#named(status, [m], () => {
      const next = m === review.current ? review.nextOpen(false) : -1;
      this.#put([m], status);
      this.#tell(`${capital(this.decisions.word(m))}: ${index.pathShown(m)}. ${this.#left()}`);
      if (next >= 0) review.choose(next, "replace");
    });
  }

  /**
   * Decides about a cluster. Accepting one of several values needs that they were shown.
   * @param {number} status
   * @param {number} [c]
   */
  bulk(status, c = this.review.cluster) {
    if (c < 0) return;
    const group = this.#group(c);
    const unseen = !this.seen.has(c);
    const accepting = status === ACCEPTED;
    if (!group.together.length && !group.alone.length) {
      this.#tell(`Nothing is open in this cluster. ${capital(leftOpen(this.index, group))}`);
    } else if (accepting && !group.together.length) {
      this.#tell(`Nothing here is accepted together: ${leftOpen(this.index, group)}.`);
    } else if (unseen && (accepting ? !this.index.clusters[c].exact : !group.together.length)) {
      this.values(c);
    } else this.#decideGroup(status, c, group);
  }

  /** @param {number} status @param {number} c @param {Group} group */
  #decideGroup(status, c, group) {
    const { review } = this;
    // Rejecting writes nothing: those that are never accepted together may be rejected at once,
    // by a step of its own after their values were shown.
    const alone = status === REJECTED && !group.together.length;
    const changes = alone ? group.alone : group.together;
    const left = alone ? "" : leftOpen(this.index, group);
    this.#named(status, changes, () => {
      openDialog()?.close();
      this.#put(changes, status);
      const here = c === review.cluster && this.#reviewing;
      const next = here ? review.nextOpen(true) : -1;
      const what = `${capital(STATUSES[status])} ${count(changes.length, "change")}`;
      this.#tell(`${what}${left ? `; ${left}` : ""}. ${this.#left()}`);
      if (next >= 0) review.choose(next, "replace");
    });
  }

  /** @param {number} c shows the distinct values of a cluster */
  values(c) {
    if (c < 0) return;
    const group = this.#group(c);
    const together = group.together.length;
    const both = together || group.alone.length;
    this.seen.add(c);
    this.asked = c;
    const accept = button(`Accept ${number(together)}`, "A", () => this.bulk(ACCEPTED, c), "yes");
    const reject = button(`Reject ${number(both)}`, "R", () => this.bulk(REJECTED, c), "no");
    accept.disabled = !together;
    reject.disabled = !both;
    const left = leftOpen(this.index, group);
    const free = both && !together ? " Rejecting writes nothing, so R rejects them all." : "";
    showValues(this.index.clusters[c], left && `${capital(left)}.${free}`, [accept, reject]);
  }

  /** @param {number} c @returns {Group} */
  #group(c) {
    const passes = this.#reviewing ? this.review.sifted.passes : null;
    return groupOf(this.index, this.decisions, c, passes);
  }

  /**
   * Replacing a golden needs a name.
   * @param {number} status
   * @param {number[]} changes
   * @param {() => void} act
   */
  #named(status, changes, act) {
    const golden = status === ACCEPTED && changes.some((m) => this.index.settles(m) === "approve");
    if (!golden || this.decisions.by) {
      act();
      return;
    }
    openDialog()?.close();
    this.reviewer(act);
  }

  /** @param {() => void} [act] what waits for the name */
  reviewer(act) {
    askReviewer(this.decisions, act ? "Approve" : "Save", (name, trust) => {
      this.decisions.by = name;
      this.decisions.trust = trust;
      remember("harness-reviewer", name);
      this.#tell(`You approve as ${name}, ${trust}.`);
      act?.();
    });
  }

  /** @param {number[]} changes @param {number} status */
  #put(changes, status) {
    const { decisions, review } = this;
    const before = decisions.decide(changes, status);
    review.server?.send(changes, before);
    review.keeper?.save(changes);
    review.drawn();
  }

  /** Takes the last step back. */
  async undo() {
    const { review } = this;
    try {
      const changes = await (review.server ? review.server.undo() : this.#undone());
      if (!changes.length) {
        this.#tell("There is nothing to undo.");
        return;
      }
      review.drawn();
      if (this.#reviewing) review.choose(changes[0], "replace");
      this.#tell(`Undone: ${count(changes.length, "change")}. ${this.#left()}`);
    } catch (error) {
      this.#tell(`Not undone: ${message(error)}.`);
    }
  }

  /** @returns {number[]} */
  #undone() {
    const changes = this.decisions.undo();
    this.review.keeper?.save(changes);
    return changes;
  }

  /** @returns {string} */
  #left() {
    return `${number(this.decisions.decided)} of ${number(this.index.size)} decided.`;
  }
}

/** @param {string} text @returns {string} */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
