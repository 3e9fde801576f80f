import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runCli.js'

/** One fenced block of a page, and the headings that it stands under. */
export type Block = { headings: string[]; code: string; line: number }

/** The text of docs/guides/<name>.md. */
export function readGuide(name: string): string {
  return readFileSync(join(root, 'docs', 'guides', `${name}.md`), 'utf8')
}

/**
 * The `sh` blocks of a guide in their order: what a reader types. Only those
 * under the heading, when one is named.
 *
 * @throws {Error} when there is none, so that nothing passes by being renamed
 */
export function shellBlocks(name: string, heading?: string): Block[] {
  const blocks: Block[] = []
  let headings: string[] = []
  let open: Block | undefined
  for (const [index, line] of readGuide(name).split('\n').entries()) {
    const level = /^(#+) (.*)$/.exec(line)
    if (open !== undefined) {
      if (line === '```') {
        blocks.push(open)
        open = undefined
      } else open.code += `${line}\n`
    } else if (line === '```sh')
      open = { headings: [...headings], code: '', line: index + 2 }
    else if (level)
      headings = [
        ...headings.slice(0, (level[1]?.length ?? 1) - 1),
        level[2] ?? '',
      ]
  }
  const found = blocks.filter(
    (block) => heading === undefined || block.headings.includes(heading),
  )
  if (found.length === 0)
    throw new Error(`${name}.md has no sh block under ${heading ?? 'it'}.`)
  return found
}

/**
 * The rows of a table under a heading, the first of them by default, as their
 * cells.
 */
export function tableRows(
  name: string,
  heading: string,
  index = 0,
): string[][] {
  const text = readGuide(name)
  const start = text.indexOf(`\n## ${heading}\n`)
  if (start < 0) throw new Error(`${name}.md has no section ${heading}.`)
  const [section = ''] = text.slice(start + 1).split(/\n(?=## )/)
  const tables = [...section.matchAll(/(?<=\n)(?:\|.*\|\n)+/g)]
  const table = tables[index]?.[0]
  if (table === undefined)
    throw new Error(`${name}.md has no table ${index} under ${heading}.`)
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => row.slice(2, -2).split(' | '))
}
