import { readFileSync } from 'node:fs'

/**
 * The reasons why no test notices a change, by file and by
 * `mutator: original -> replacement` with single spaces.
 *
 * @typedef {Record<string, Record<string, string>>} Reasons
 */

/**
 * @typedef {{
 *   file: string,
 *   line: number,
 *   change: string,
 *   reason: string | undefined,
 * }} Survivor
 */

const noticed = ['Killed', 'Timeout']
const unnoticed = ['Survived', 'NoCoverage']

/**
 * Stryker's findings about a group.
 *
 * @param {string} path of its JSON report, to which `ranOn` was added: the
 * commit that it ran on
 * @param {Reasons} reasons
 */
export function readReport(path, reasons) {
  const { files, ranOn } = JSON.parse(readFileSync(path, 'utf8'))
  let killed = 0
  /** @type {Survivor[]} */
  const survivors = []
  for (const [file, { source, mutants }] of Object.entries(files))
    for (const mutant of mutants)
      if (noticed.includes(mutant.status)) killed++
      else if (unnoticed.includes(mutant.status)) {
        const change = describe(source, mutant)
        const { line } = mutant.location.start
        const reason = reasons[file]?.[change]
        survivors.push({ file, line, change, reason })
      }
  const count = killed + survivors.length
  return {
    /** @type {string} */
    ranOn,
    killed,
    count,
    score: (100 * killed) / count,
    survivors,
    unexplained: survivors.filter(({ reason }) => reason === undefined),
  }
}

/**
 * @param {string} source
 * @param {{ mutatorName: string, replacement: string, location: any }} mutant
 */
function describe(source, { mutatorName, replacement, location }) {
  const { start, end } = location
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1)?.slice(0, end.column - 1) ?? ''
  lines[0] = lines[0]?.slice(start.column - 1) ?? ''
  const original = shorten(lines.join('\n'))
  return `${mutatorName}: ${original} -> ${shorten(replacement)}`
}

/** @param {string} code */
function shorten(code) {
  const line = code.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 100)}…` : line
}
