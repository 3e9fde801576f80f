import { usageError } from '@keyward/toolkit'
import { Argument, type Command } from 'commander'
import { define } from '../../program/define.js'

/** @param program - All commands. */
export const helpCommand = (program: () => Command) =>
  define('help', {
    description: 'show the help for a command',
    takes: {
      path: {
        declared: new Argument('[command...]', 'a command, such as tx list'),
        read: (typed: unknown) => (typed ?? []) as string[],
      },
    },
    examples: ['keyward help send', 'keyward help tx list'],
    async run(_terminal, { path }) {
      let at = program()
      for (const [index, name] of path.entries()) {
        const found = at.commands.find((each) => each.name() === name)
        if (found === undefined) {
          const before = ['keyward', ...path.slice(0, index)].join(' ')
          const names = at.commands.map((each) => each.name())
          usageError(
            names.length === 0
              ? `${before} has no subcommands: keyward help ${path.slice(0, index).join(' ')} shows its flags.`
              : `${before} has no command ${JSON.stringify(name)}.${likeText(name, names)} Commands: ${names.join(', ')}.`,
          )
        }
        at = found
      }
      at.outputHelp()
      return undefined
    },
  })

/** A single extra, missing or wrong letter counts as a typo. */
function likeText(name: string, names: readonly string[]): string {
  const near = names.filter(
    (each) => each.startsWith(name.slice(0, 2)) || distance(each, name) <= 2,
  )
  return near.length === 0 || near.length > 3
    ? ''
    : ` Did you mean ${near.join(' or ')}?`
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(
        Math.min(
          (row[j] ?? 0) + (letter === other ? 0 : 1),
          (row[j + 1] ?? 0) + 1,
          (next[j] ?? 0) + 1,
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}
