import { expect, test } from 'vitest'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import { runInProcess } from '../support/runInProcess.js'
import { sampled } from '../support/sampled.js'
import { testTerminal } from '../support/testTerminal.js'
import { soak } from '../support/tools.js'

type Command = ReturnType<typeof createProgram>

// People paste keys into the wrong field. Whatever field it is, nothing repeats
// it: every flag and every argument of every command is tried.

const hex = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const words =
  'legal winner thank year wave sausage worth useful legal winner thank yellow'
const secrets = [
  hex,
  `0x${hex.toUpperCase()}`,
  (hex.match(/../g) ?? []).join(':'),
  (hex.match(/.{8}/g) ?? []).join(' '),
  words,
  words.replaceAll(' ', '-'),
]

let fields = 0
/** Takes them by turns: in soak each field gets all. */
const nextSecrets = () => {
  const turn = fields++ % secrets.length
  return soak ? secrets : secrets.filter((_, index) => index === turn)
}

/** Nothing is there, so that what goes on fails at once. */
const env = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
}

const program = createProgram(testTerminal(), () => {})
const commands = leaves(program).filter((each) => each.name() !== 'help')

function leaves(command: Command): Command[] {
  return [
    ...(command.commands.length === 0 || command.name() === 'local'
      ? [command]
      : []),
    ...command.commands.flatMap(leaves),
  ]
}

function pathOf(command: Command): string[] {
  return command.parent === null
    ? []
    : [...pathOf(command.parent), command.name()]
}

/** What commander asks for before anything else. */
function required(command: Command, besides = ''): string[] {
  return [
    ...command.registeredArguments
      .filter((each) => each.required && `<${each.name()}>` !== besides)
      .map(() => 'x'),
    ...command.options
      .filter((each) => each.mandatory && each.long !== besides)
      .flatMap((each) => [each.long ?? '', 'x']),
  ]
}

function expectSilence(ran: { stdout: string; stderr: string }) {
  const told = `${ran.stdout}${ran.stderr}`.toLowerCase()
  const plain = told.replace(/[^a-z0-9]/g, '')
  expect(plain).not.toContain(hex)
  expect(plain).not.toContain('legalwinnerthank')
}

test('the walk finds the commands', () => {
  expect(commands.length).toBeGreaterThan(35)
})

test.each(
  sampled(
    commands.map((each) => [pathOf(each).join(' '), each] as const),
    3,
  ),
)(
  'keyward %s repeats no private key',
  async (_, command) => {
    for (const option of command.options) {
      const { long = '' } = option
      if (!option.required && !option.optional) continue
      for (const secret of nextSecrets()) {
        const ran = await runInProcess(
          [...pathOf(command), ...required(command, long), long, secret],
          env,
        )
        expect(ran.code).not.toBe(0)
        expectSilence(ran)
        expectSilence(
          await runInProcess(
            [
              ...pathOf(command),
              ...required(command, long),
              `${long}=${secret}`,
            ],
            env,
          ),
        )
      }
    }
    for (const secret of secrets) {
      const first = command.registeredArguments[0]
      const ran = await runInProcess(
        [
          ...pathOf(command),
          secret,
          ...required(command, `<${first?.name()}>`),
        ],
        env,
      )
      expect(ran.code).not.toBe(0)
      expectSilence(ran)
    }
  },
  120_000,
)

test.each([
  [[hex]],
  [words.split(' ')],
  [['send', `--privat=${hex}`]],
  [['send', `--${words.replaceAll(' ', '-')}`]],
  [['sweep', '--to', 'x', '--token', ...words.split(' ')]],
  [['deploy', '-c', `address=${hex}`]],
  [['key', 'address', `alias/${hex}`]],
])('keyward %j neither', async (args) => {
  const ran = await runInProcess(args, env)
  expect(ran.code).not.toBe(0)
  expectSilence(ran)
})

test('in AWS_KMS_KEY_ID it is refused, too', async () => {
  const ran = await runInProcess(['key', 'address'], {
    ...env,
    AWS_KMS_KEY_ID: hex,
  })
  expect(ran.code).toBe(2)
  expectSilence(ran)
})
