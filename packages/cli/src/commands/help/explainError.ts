import { readFile } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'
import { toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { reading } from '../../program/reading.js'

/** The build copies docs/errors there. */
const folder = new URL('../../error-pages/', import.meta.url)

/** Prints the page of an error code, or the list of them. */
export async function explainError(code: string | undefined): Promise<Result> {
  const codes = await readIndex()
  if (code === undefined)
    return {
      data: { codes: codes.map(([code, short]) => ({ code, short })) },
      text: toColumns(codes),
    }
  await reading(() => assertKnown(code, codes))
  const page = await readFile(new URL(`${code}.md`, folder), 'utf8')
  const text = page.replace(/^# .*\n+/, '').trimEnd()
  return { data: { code, text }, text: `${code}\n\n${toPlain(text)}` }
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
  const near = codes
    .map(([known]) => known)
    .filter((known) => code.split('-').some((word) => known.includes(word)))
  throw new InputError(`${quote(code)} is not an error code.`, {
    details:
      near.length === 0
        ? 'keyward explain lists all codes.'
        : `Similar codes: ${near.slice(0, 5).join(', ')}. keyward explain lists all.`,
  })
}

/** Markdown for a terminal: links by their text and where they lead. */
function toPlain(markdown: string): string {
  return markdown.replace(
    /\[([^\]]+)\]\(([^)\s]+)\)/g,
    (_, text: string, target: string) => {
      const code = /^([a-z0-9-]+)\.md/.exec(target)?.[1]
      if (code !== undefined) return `${text} (keyward explain ${code})`
      return `${text} (${target.replace(/^\.\.\//, 'docs/')})`
    },
  )
}
