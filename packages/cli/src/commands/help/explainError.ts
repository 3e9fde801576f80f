import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { InputError, quote } from '@keyward/core/errors'
import { reading, type Style, wrapLines, wrapText } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { hasColours, styleFor, type Terminal } from '../../terminal/Terminal.js'

/** The folder to which the build copies docs/errors. */
const folder = new URL(
  'dist/error-pages/',
  pathToFileURL(createRequire(import.meta.url).resolve('keyward/package.json')),
)

/**
 * Prints the page for an error, or the list of all codes.
 *
 * @param asked - A code, or a name that a function returns as `errorType`.
 */
export async function explainError(
  { stdout, env }: Pick<Terminal, 'stdout' | 'env'>,
  asked: string | undefined,
): Promise<Result> {
  const codes = await readIndex()
  // In a pipe, the list keeps one line per code, for grep.
  if (asked === undefined)
    return {
      data: { codes: codes.map(([code, short]) => ({ code, short })) },
      text: listText(codes, stdout.columns),
    }
  const { columns = 80 } = stdout
  const code = (await findByClass(asked, codes)) ?? asked
  await reading(() => assertKnown(code, codes))
  const page = await readFile(new URL(`${code}.md`, folder), 'utf8')
  const text = page.replace(/^# .*\n+/, '').trimEnd()
  const shown = toPlain(text, columns)
    .split('\n')
    .map((line) => fitSample(line, columns))
    .join('\n')
  const style = hasColours(stdout, env) ? styleFor(stdout, env) : undefined
  return {
    data: { code, text },
    text: wrapLines(
      `${style ? style.bold(code) : code}\n\n${paint(shown, style)}`,
      columns,
    ),
  }
}

/** Messages may be wrapped, but lines that users copy must not be. */
function fitSample(line: string, columns: number): string {
  const [, sample] =
    /^ {4}(?!(?:aws|cast|curl|eval|keyward|npx) )(.*)$/.exec(line) ?? []
  return sample === undefined ? line : wrapText(sample, '    ', columns)
}

function listText(
  codes: Awaited<ReturnType<typeof readIndex>>,
  columns: number | undefined,
): string {
  const width = Math.max(...codes.map(([code]) => code.length)) + 2
  return codes
    .map(([code, short]) => {
      const text = wrapText(short, ' '.repeat(width), columns)
      return code.padEnd(width) + text.trimStart()
    })
    .join('\n')
}

/** Makes code bold. Without styles, code keeps its backticks. */
function paint(text: string, style: Style | undefined): string {
  const plain = text.replaceAll(/\*\*([^*]+)\*\*/g, '$1')
  if (style === undefined) return plain
  return plain.replaceAll(/`([^`]+)`/g, (_, code: string) => style.bold(code))
}

/** A page begins with the name of its error class. */
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

/** The codes with their short descriptions, from the index page. */
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
  // People rarely mistype the first letters of a word.
  const starts = code.split('-').map((word) => word.slice(0, 4))
  const near = codes
    .map(([known]) => known)
    .filter((known) => starts.some((start) => known.includes(start)))
  throw new InputError(`${quote(code)} is not an error code.`, {
    details:
      near.length === 0
        ? 'Run keyward explain for a list of all codes.'
        : `Similar codes: ${near.slice(0, 5).join(', ')}. Run keyward explain for a list of all codes.`,
  })
}

/**
 * Converts Markdown for a terminal: links become their targets, and tables
 * become columns.
 */
function toPlain(markdown: string, columns: number): string {
  return toTables(markdown, columns).replace(
    /\[([^\]]+)\]\(([^)\s]+)\)/g,
    (_, text: string, target: string) => {
      const code = /^([a-z0-9-]+)\.md/.exec(target)?.[1]
      if (code !== undefined) return `${text} (keyward explain ${code})`
      const path = target.replace(/^\.\.\//, 'docs/')
      return path.endsWith(`/${text}`) ? path : `${text} (${path})`
    },
  )
}

/** Shows each row as its cells, one below the other. */
function toTables(markdown: string, columns: number): string {
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
      const below = rest.map((cell) => wrapText(cell, '    ', columns))
      return [`- ${first}`, ...below].join('\n')
    })
    .join('\n')
}
