import { readFile } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'
import { reading, toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { wrapLines } from '../../output/wrapLines.js'

/** The build copies docs/errors there. */
const folder = new URL('../../error-pages/', import.meta.url)

/**
 * Prints the page of an error, or the list of all codes.
 *
 * @param asked - A code, or the name that a function answers as `errorType`.
 * @param columns - Of the terminal; undefined in a pipe.
 */
export async function explainError(
  asked: string | undefined,
  columns: number | undefined,
): Promise<Result> {
  const codes = await readIndex()
  if (asked === undefined)
    return {
      data: { codes: codes.map(([code, short]) => ({ code, short })) },
      text: toColumns(codes),
    }
  const code = (await findByClass(asked, codes)) ?? asked
  await reading(() => assertKnown(code, codes))
  const page = await readFile(new URL(`${code}.md`, folder), 'utf8')
  const text = page.replace(/^# .*\n+/, '').trimEnd()
  const shown = wrapLines(toPlain(text), columns)
  return { data: { code, text }, text: `${code}\n\n${shown}` }
}

/** A page begins with the name of the class that it is about. */
async function findByClass(
  asked: string,
  codes: readonly (readonly [string, string])[],
): Promise<string | undefined> {
  if (!/^[A-Z]\w*$/.test(asked)) return undefined
  for (const [code] of codes) {
    const page = await readFile(new URL(`${code}.md`, folder), 'utf8')
    const [, , first = ''] = page.split('\n')
    if (first.split('`').includes(asked)) return code
  }
  return undefined
}

/** The codes with what they mean in short, as the index has them. */
async function readIndex(): Promise<(readonly [string, string])[]> {
  const index = await readFile(new URL('README.md', folder), 'utf8')
  return [...index.matchAll(/^\| \[([a-z0-9-]+)\]\(.*?\) \| (.*?) \|$/gm)].map(
    ([, name = '', short = '']) => [name, short] as const,
  )
}

function assertKnown(
  code: string,
  codes: readonly (readonly [string, string])[],
): void {
  if (codes.some(([known]) => known === code)) return
  // The first letters of a word are seldom mistyped.
  const starts = code.split('-').map((word) => word.slice(0, 4))
  const near = codes
    .map(([known]) => known)
    .filter((known) => starts.some((start) => known.includes(start)))
  throw new InputError(`${quote(code)} is not an error code.`, {
    details:
      near.length === 0
        ? 'keyward explain lists all codes.'
        : `Similar codes: ${near.slice(0, 5).join(', ')}. keyward explain lists all.`,
  })
}

/** Markdown for a terminal: links by where they lead, tables as columns. */
function toPlain(markdown: string): string {
  return toTables(markdown).replace(
    /\[([^\]]+)\]\(([^)\s]+)\)/g,
    (_, text: string, target: string) => {
      const code = /^([a-z0-9-]+)\.md/.exec(target)?.[1]
      if (code !== undefined) return `${text} (keyward explain ${code})`
      return `${text} (${target.replace(/^\.\.\//, 'docs/')})`
    },
  )
}

/** Each row as its cells, one under the other. */
function toTables(markdown: string): string {
  const isRule = (line: string) => /^\|[ :|-]+\|$/.test(line)
  const lines = markdown.split('\n')
  return lines
    .filter((line, at) => !isRule(line) && !isRule(lines[at + 1] ?? ''))
    .map((line) => {
      if (!/^\|.*\|$/.test(line)) return line
      const [first = '', ...rest] = line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim())
      return [`- ${first}`, ...rest.map((cell) => `    ${cell}`)].join('\n')
    })
    .join('\n')
}
