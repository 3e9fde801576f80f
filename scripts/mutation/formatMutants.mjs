/** @typedef {ReturnType<import('./readReport.mjs').readReport>} Report */

/** @typedef {Report & { name: string, goal: number }} Result */

/**
 * Formats the results as a page that lists each unnoticed change with its
 * reason.
 *
 * @param {readonly (Result | string)[]} groups a string is the name of a group
 * that stays as on the previous page
 * @param {string} before
 */
export function formatMutants(groups, before) {
  const [head = '', ...sections] = before.split(/^## /m)
  /** @param {Result | string} group */
  const rowOf = (group) =>
    typeof group === 'string'
      ? head.split('\n').find((line) => line.startsWith(`| ${group} |`))
      : formatRow(group)
  /** @param {Result | string} group */
  const sectionOf = (group) =>
    typeof group === 'string'
      ? sections.find((section) => section.startsWith(`${group}\n`))
      : formatGroup(group)
  return `# Mutants

Written by \`npm run test:mutation\`. Stryker changes the code, one change at a
time, and runs the fast tests. A change that no test notices survives. Error
texts and code that runs once when a module loads are left out. If a change has
no reason, nobody has decided yet whether a test is missing.

| group | changes | noticed | % | goal | not settled | ran on |
| --- | --- | --- | --- | --- | --- | --- |
${list(groups.map(rowOf)).join('\n')}

${list(groups.map(sectionOf))
  .map((section) => `## ${section.trim()}\n`)
  .join('\n')}`
}

/** @param {readonly (string | undefined)[]} found */
const list = (found) => found.flatMap((one) => one ?? [])

/** @param {Result} result */
function formatRow({ name, count, killed, score, goal, unexplained, ranOn }) {
  const figures = [count, killed, score.toFixed(2), goal, unexplained.length]
  return row(name, ...figures, ranOn)
}

/** @param {Report & { name: string }} result */
function formatGroup({ name, survivors }) {
  if (survivors.length === 0) return `${name}\n\nNone survives.`
  const rows = survivors.map(({ file, line, change, reason }) =>
    row(`${file}:${line}`, toCode(change), reason ?? ''),
  )
  return `${name}

| where | change | why no test notices |
| --- | --- | --- |
${rows.join('\n')}`
}

/** @param {string} text */
function toCode(text) {
  const ticks = text.includes('`') ? '``' : '`'
  return `${ticks} ${text.replaceAll('|', '\\|')} ${ticks}`
}

/** @param {(string | number)[]} cells */
function row(...cells) {
  return `| ${cells.join(' | ')} |`
}
