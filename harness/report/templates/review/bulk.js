// What may be decided together, and what is said about the rest.

/**
 * `together` may be decided at once; `alone` are open too, but only one by one.
 * @typedef {{together: number[], alone: number[], hidden: number}} Group
 */

/**
 * The open changes of a cluster.
 * @param {Index} index
 * @param {Decisions} decisions
 * @param {number} c
 * @param {Uint8Array | null} passes which changes the filters show; null for all
 * @returns {Group}
 */
function groupOf(index, decisions, c, passes) {
  /** @type {Group} */
  const group = { together: [], alone: [], hidden: 0 };
  for (const m of index.members[c]) {
    if (decisions.status[m] !== OPEN) continue;
    if (passes && !passes[m]) group.hidden++;
    else (index.alone(m) ? group.alone : group.together).push(m);
  }
  return group;
}

/**
 * Why changes stay open, the most frequent reason first.
 * @param {Index} index
 * @param {Group} group
 * @returns {string} "" where none does
 */
function leftOpen(index, group) {
  /** @type {Map<string, number>} */
  const reasons = new Map();
  for (const m of group.alone) {
    const why = index.alone(m);
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const ranked = [...reasons].sort((a, b) => b[1] - a[1]);
  const each = ranked.map(([why, n]) => (ranked.length > 1 ? `${why} (${number(n)})` : why));
  const said = [];
  if (each.length) {
    const n = group.alone.length;
    said.push(`${number(n)} stay${n === 1 ? "s" : ""} open, to be decided one by one: ${each.join("; ")}`);
  }
  if (group.hidden) said.push(`${number(group.hidden)} that the filters hide were not touched`);
  return said.join("; ");
}
