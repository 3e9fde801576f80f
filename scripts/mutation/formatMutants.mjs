/** @typedef {ReturnType<import('./readReport.mjs').readReport>} Report */

/**
 * The results as a page, each change that no test notices with its reason.
 *
 * @param {readonly (Report & { name: string, goal: number })[]} results
 */
export function formatMutants(results) {
  return `# Mutants

Written by \`npm run test:mutation\`. Stryker changes the code, one change at a
time, and runs the fast tests: a change that no test notices survives. Texts of
errors, and what is evaluated once when a module loads, are left out. Where no
reason is given, it is not settled yet whether a test is missing.

| group | changes | noticed | % | goal | not settled | ran on |
| --- | --- | --- | --- | --- | --- | --- |
${results
  .map(({ name, count, killed, score, goal, unexplained, ranOn }) =>
    row(
      ...[name, count, killed, score.toFixed(2), goal, unexplained.length],
      ranOn,
    ),
  )
  .join('\n')}
${results.map(formatGroup).join('')}`
}

/** @param {Report & { name: string }} result */
function formatGroup({ name, survivors }) {
  if (survivors.length === 0) return `\n## ${name}\n\nNone survives.\n`
  const rows = survivors.map(({ file, line, change, reason }) =>
    row(`${file}:${line}`, toCode(change), reason ?? ''),
  )
  return `
## ${name}

| where | change | why no test notices |
| --- | --- | --- |
${rows.join('\n')}
`
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
