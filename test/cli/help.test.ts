import { describe, expect, test } from 'vitest'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import { findWide } from '../support/findWide.js'
import { run } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'
import { testTerminal } from '../support/testTerminal.js'

const keyward = (...args: string[]) => runInProcess(args)

describe('help', () => {
  test('has every command in a group', async () => {
    const { stdout } = await keyward('help')
    const headings = [...stdout.matchAll(/^([A-Z].*):$/gm)].map(
      ([, name]) => name,
    )
    expect(headings).toEqual([
      ...['Options', 'Try it', 'Stacks', 'Money', 'Keys and signatures'],
      ...['Who can do what', 'Help', 'Examples'],
    ])
    expect((await keyward('--help')).stdout).toBe(stdout)
  })

  test('of a command in a group is its own', async () => {
    const { stdout } = await keyward('help', 'tx', 'list')
    expect(stdout).toBe((await keyward('tx', 'list', '--help')).stdout)
  })

  test.each([
    [['nosuch'], 'keyward has no command "nosuch". Commands: demo,'],
    [['tx', 'lst'], 'keyward tx has no command "lst". Did you mean list?'],
    [['send', 'x'], 'keyward send has no subcommands'],
  ])('%j is refused', async (path, message) => {
    const ran = await keyward('help', ...path)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      ...{ code: 2, stdout: '' },
    })
    expect(ran.stderr).toContain(message)
  })

  test('fits 80 columns, and says nothing three times in a row', async () => {
    type Named = { name(): string; commands: readonly Named[] }
    const paths = (command: Named): string[][] => [
      [],
      ...command.commands.flatMap((each) =>
        paths(each).map((path) => [each.name(), ...path]),
      ),
    ]
    const wide: string[] = []
    const repeated: string[] = []
    for (const path of paths(createProgram(testTerminal(), () => {}))) {
      const help = [...path, '--help']
      wide.push(...(await findWide(help)))
      const { stdout } = await keyward(...help)
      const words = stdout.replace(/\s+/g, ' ')
      const found = words.match(/\b(\w[\w,-]*(?: \w[\w,-]*){0,7})(?: \1\b){2,}/)
      if (found !== null) repeated.push(`${help.join(' ')}: ${found[0]}`)
    }
    expect({ wide, repeated }).toEqual({ wide: [], repeated: [] })
  })

  test('examples of several lines can be copied', async () => {
    const { stdout } = await keyward('key', 'create', '--help')
    const [, examples = ''] = stdout.split('Examples:\n')
    // As bash reads what is copied: one command, whose lines go on.
    const { stdout: read } = await run('bash', [
      ...['-c', `keyward() { echo "$#"; }; ${examples}`],
    ])
    expect(read.split('\n')[0]).toBe('10')
  })
})

describe('completion bash', () => {
  const complete = async (...words: string[]) => {
    const { stdout: script } = await keyward('completion', 'bash')
    const ran = await run('bash', [
      '-c',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash.
      `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _keyward; echo "${'${COMPREPLY[*]}'}"`,
      ...['bash', 'keyward', ...words],
    ])
    expect(ran.stderr).toBe('')
    return ran.stdout.trim().split(' ')
  }

  test('knows each command and flag, and none that is hidden', async () => {
    const program = createProgram(testTerminal(), () => {})
    expect(await complete('')).toEqual([
      ...program.commands.map((each) => each.name()),
      ...['--version', '--help'],
    ])
    expect(await complete('tx', 're')).toEqual(['reconcile', 'repair'])
    expect(await complete('send', '--to', '0x1', '--max')).toEqual([
      ...['--max-fee-per-gas', '--max-priority-fee-per-gas'],
    ])
    expect(await complete('key', 'create', '--orig')).toEqual(['--origin'])
    expect(await complete('send', 'nothing-like-it')).toEqual([''])
  })
})
