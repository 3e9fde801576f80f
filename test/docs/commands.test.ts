import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import {
  awsCommandsIn,
  checkCommand,
} from '../support/awsModels/checkCommand.js'
import { root } from '../support/runCli.js'
import { testTerminal } from '../support/testTerminal.js'

// What is typed: by a reader of the documentation, of help and of messages, and
// by the tests. A new block, command or flag that nothing runs is found here.

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const filesOf = (folder: string, suffix: string) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.endsWith(suffix) && !/node_modules|dist/.test(path))

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...filesOf('docs', '.md'),
  ...readdirSync(join(root, 'packages')).map((each) =>
    join('packages', each, 'README.md'),
  ),
]
const sources = filesOf('packages', '.ts').filter(
  (path) => path.includes('/src/') && !/\.test(-d)?\.ts$/.test(path),
)
const tests = [...filesOf('test', '.ts'), ...filesOf('packages', '.test.ts')]
const program = createProgram(testTerminal(), () => {})
type Command = typeof program
type Option = Command['options'][number]

/** Which test types the `sh` blocks of a page of docs, or of a part of it. */
const typed: Readonly<Record<string, readonly string[]>> = {
  'test/docs/quickStarts.test.ts': [
    ...['quickstart-local', 'foundry-hardhat', 'from-your-backend'],
    ...['functions#Sign with the AWS CLI', 'functions#Send with the AWS CLI'],
  ],
  'test/docs/quickStarts.soak.test.ts': ['quickstart-aws', 'own-key'],
  'test/docs/import.test.ts': [
    'guides/import#From a new key to a signature',
    'guides/backup#Test it',
  ],
  'test/docs/importByHand.soak.test.ts': [
    'guides/import-by-hand#With the AWS CLI, command by command',
    'guides/import-by-hand#With the script',
  ],
  'test/docs/deployCommand.soak.test.ts': ['guides/deploy#With one command'],
  'test/docs/deploy.soak.test.ts': ['guides/deploy#With the AWS CLI'],
  'test/docs/emergency.soak.test.ts': ['guides/emergency'],
  'test/docs/stackGuides.soak.test.ts': ['guides/clean-up'],
  'test/docs/sending.soak.test.ts': ['guides/sending'],
  'test/docs/guardrails.soak.test.ts': [
    'guides/guardrails#Try it on the local home',
  ],
  'test/docs/multisig.soak.test.ts': [
    'guides/multisig#Three owners, two approvals',
    'guides/multisig#With functions',
    'guides/multisig#Changing your mind',
    'guides/multisig#Losing an owner',
  ],
  'test/docs/cloudhsm.soak.test.ts': ['guides/cloudhsm'],
  'test/clients/metamask.test.ts': ['guides/metamask'],
}
const parts = Object.entries(typed).flatMap(([file, places]) =>
  places.map((place) => {
    const [page = '', heading] = place.split('#')
    return { file, page: `docs/${page}.md`, heading }
  }),
)

type Block = {
  page: string
  line: number
  kind: string
  headings: string[]
  code: string
}

/** Fenced blocks, and those that are indented by four. */
function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  let headings: string[] = []
  let open: Block | undefined
  let isFenced = false
  for (const [index, line] of read(page).split('\n').entries()) {
    const block = (kind: string): Block => ({
      ...{ page, line: index + 1, kind },
      ...{ headings: [...headings], code: '' },
    })
    if (isFenced) {
      if (line === '```') isFenced = false
      else if (open !== undefined) open.code += `${line}\n`
      continue
    }
    if (line.startsWith('```')) {
      isFenced = true
      open = block(line.slice(3))
      blocks.push(open)
      continue
    }
    if (
      /^ {4}\S/.test(line) ||
      (open?.kind === 'indented' && line.startsWith('    '))
    ) {
      if (open?.kind !== 'indented') {
        open = block('indented')
        blocks.push(open)
      }
      open.code += `${line.slice(4)}\n`
      continue
    }
    open = undefined
    const [, level = '', heading = ''] = /^(#+) (.*)$/.exec(line) ?? []
    if (level) headings = [...headings.slice(0, level.length - 1), heading]
  }
  return blocks
}

const blocks = pages.flatMap(blocksOf)

describe('blocks', () => {
  test.each([
    ['kms create-key --nope x --origin EXTERNAL', ['no flag --nope']],
    ['kms create-key --origin NOWHERE', ['--origin is not NOWHERE']],
    ['kms make-key', ['no operation kms make-key ']],
    ['kms sign --key-id x y', expect.arrayContaining(['--message is missing'])],
    ['kms enable-key --key-id x y', ['--key-id takes one value: x y']],
  ])('aws %s is found to be wrong', (line, wrong) => {
    expect(
      awsCommandsIn(`aws ${line} | jq .`).map((one) => checkCommand(one)),
    ).toEqual([wrong])
  })

  test("the AWS CLI's are read by its services' models", () => {
    const shell = blocks
      .filter(({ kind }) => /^(sh|indented)$/.test(kind))
      .map((block) => ({ ...block, isMention: false }))
    const inProse = pages.flatMap((page) =>
      [...read(page).matchAll(/`(aws [^`]+)`/g)].map(([, code = '']) => ({
        ...{ page, line: 0, code, isMention: true },
      })),
    )
    const commands = [...shell, ...inProse].flatMap((block) =>
      awsCommandsIn(block.code).map((words) => ({ ...block, words })),
    )
    expect(commands.length).toBeGreaterThan(40)
    expect(
      commands.flatMap(({ page, line, words, ...how }) =>
        checkCommand(words, how).map(
          (wrong) => `${page}:${line}: aws ${words.join(' ')}: ${wrong}`,
        ),
      ),
    ).toEqual([])
  })

  test('each that is typed is typed by a test', () => {
    const shell = blocks.filter(({ kind }) => kind === 'sh')
    expect(shell.length).toBeGreaterThan(80)
    const isRun = ({ page, headings }: Block) =>
      parts.some(
        (part) =>
          part.page === page &&
          (part.heading === undefined || headings.includes(part.heading)),
      )
    expect(
      shell
        .filter((block) => !isRun(block))
        .map(({ page, line }) => `${page}:${line}`),
    ).toEqual([])
  })

  test.each(parts)('$page $heading: by $file', ({ file, page, heading }) => {
    const [name] = page.split('/').at(-1)?.split('.') ?? []
    expect(read(file)).toMatch(new RegExp(`['/]${name}('|\\.md)`))
    if (heading !== undefined) expect(read(file)).toContain(`'${heading}'`)
    const isThere = blocks.some(
      ({ page: of, kind, headings }) =>
        of === page &&
        kind === 'sh' &&
        (heading === undefined || headings.includes(heading)),
    )
    expect(isThere).toBe(true)
  })

  test('each of JSON is JSON', () => {
    const wrong = blocks.filter(({ kind, code }) => {
      if (kind !== 'json') return false
      try {
        JSON.parse(code)
        return false
      } catch {
        return true
      }
    })
    expect(wrong.map(({ page, line }) => `${page}:${line}`)).toEqual([])
  })
})

/** A command line, and where it stands. */
type Line = { place: string; text: string }

/** `keyward …` up to what ends a command in a shell, a sentence or a string. */
function linesIn(place: string, text: string): Line[] {
  const joined = text.replaceAll(/\\\\?\n\s*/g, ' ')
  // `$(…)` is a command of its own.
  const inner: string[] = []
  const outer = joined.replaceAll(/"?\$\(([^()]*)\)"?/g, (_, code: string) => {
    inner.push(code)
    return 'VALUE'
  })
  const found = outer.matchAll(
    /(?<![\w@/.-])keyward (?!…)((?:[^\n`'"|;)&#]|"[^"\n]*"|'[^'\n]*')*)/g,
  )
  return [
    ...[...found].map(([, rest = '']) => {
      const [command = ''] = rest.split(/[,:.](?:\s|$)/)
      return { place, text: command.trim() }
    }),
    ...inner.flatMap((code) => linesIn(place, code)),
  ]
}

/** Walks down to the command that is named, as far as words are commands. */
function find(words: readonly string[]): { command: Command; path: string[] } {
  let command: Command = program
  const path: string[] = []
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word)
    if (next === undefined) break
    command = next
    path.push(word)
  }
  return { command, path }
}

/** What is wrong with a command line: an unknown command or flag. */
function faultOf({ place, text }: Line): string | undefined {
  const words = text.split(/[\s,]+/)
  const { command, path } = find(words)
  const next = words[path.length] ?? ''
  const fault = (what: string) => `${place}: keyward ${text}: ${what}`
  // `tx show|watch|cancel` names several at once.
  const isGroup = command.commands.length > 0 && command.name() !== 'local'
  if (isGroup && /^[a-z][a-z-]+$/.test(next)) return fault(`no command ${next}`)
  const known = new Set([
    '--help',
    '--version',
    ...(isGroup ? command.commands : [command]).flatMap(({ options }) =>
      options.flatMap(({ long, short }) => [long, short]),
    ),
  ])
  const flags = text.match(/(?<=^|[\s[(|])--?[a-z][a-z0-9-]*/g) ?? []
  const unknown = flags.find((flag) => !known.has(flag))
  return unknown === undefined ? undefined : fault(`no flag ${unknown}`)
}

describe('command lines are those that there are', () => {
  const inProse = (page: string) =>
    [...read(page).matchAll(/`(keyward [^`\n]+)`/g)].flatMap(([, text = '']) =>
      linesIn(page, text),
    )

  test('of the documentation', () => {
    const lines = [
      ...blocks
        .filter(({ kind }) => ['sh', 'indented'].includes(kind))
        .flatMap(({ page, line, code }) => linesIn(`${page}:${line}`, code)),
      ...pages.flatMap(inProse),
    ]
    expect(lines.length).toBeGreaterThan(400)
    expect(lines.map(faultOf).filter(Boolean)).toEqual([])
  })

  test('of help, messages and comments', () => {
    const lines = sources.flatMap((path) => linesIn(path, read(path)))
    expect(lines.length).toBeGreaterThan(150)
    expect(lines.map(faultOf).filter(Boolean)).toEqual([])
  })
})

/** Each leaf, with the words that it is typed by. */
function leavesOf(
  command: Command,
  path: string[] = [],
): [string[], Command][] {
  const below = command.commands.flatMap((each) =>
    leavesOf(each, [...path, each.name()]),
  )
  const isLeaf = command.commands.length === 0 || command.name() === 'local'
  return isLeaf ? [[path, command], ...below] : below
}

describe('each flag', () => {
  const texts = [
    ...tests.map(read),
    ...blocks.filter(({ kind }) => kind === 'sh').map(({ code }) => code),
  ]
  const isTyped = (path: readonly string[], { long, short }: Option) => {
    const forms = short === undefined ? [long] : [long, `(?<=['\\s])${short}`]
    const flag = new RegExp(`(${forms.join('|')})(?![a-z-])`)
    const last = path.at(-1) ?? ''
    const above = path.slice(0, -1).map((word) => new RegExp(`\\b${word}\\b`))
    return texts.some(
      (text) =>
        (text.includes(path.join(' ')) ||
          (text.includes(`'${last}'`) &&
            above.every((word) => word.test(text)))) &&
        flag.test(text),
    )
  }

  test('is given to its command by a test or a block; one that commands share, to one of them', () => {
    const flags = new Map<string, { names: string[]; isTyped: boolean }>()
    for (const [path, command] of leavesOf(program))
      for (const option of command.options) {
        if (option.hidden) continue
        // Shared by commands: declared once, and read in one place.
        const same = `${option.flags} ${option.description}`
        const before = flags.get(same)
        flags.set(same, {
          names: [...(before?.names ?? []), `${path.join(' ')} ${option.long}`],
          isTyped: (before?.isTyped ?? false) || isTyped(path, option),
        })
      }
    expect(flags.size).toBeGreaterThan(180)
    expect(
      [...flags.values()]
        .filter((each) => !each.isTyped)
        .map(({ names }) => names.join(', ')),
    ).toEqual([])
  })
})
