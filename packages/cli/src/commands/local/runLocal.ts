import { resolve } from 'node:path'
import { InputError } from '@keyward/core/errors'
import { createLocalHome, type LocalHome, resetLocalHome } from '@keyward/local'
import { note, reading, shellWord, toColumns } from '@keyward/toolkit'
import { devAssembly } from '../../devAssembly.js'
import { printResult } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { listenForStop } from '../../terminal/untilStopped.js'
import { giveFirst } from './addBalance.js'
import { findHomeFolder, usualFolder } from './findHomeFolder.js'
import { type LogFormat, toLogLine } from './logLine.js'
import { type FaultOptions, toFaults } from './toFaults.js'

export type LocalOptions = FaultOptions & {
  port: number
  chainPort: number
  dataDir: string
  chain: boolean
  assembly: string | undefined
  /** A name; false with --no-stack. */
  stack: string | false | undefined
  reset: boolean
  awsStrict: boolean
  log: LogFormat
  accountId: string | undefined
  json: boolean
}

/** What the first key has on a new chain. */
const firstWei = 10_000n * 10n ** 18n

/** The one line of `keyward local --json`. */
export type Ready = {
  endpoint: string
  rpcUrl: string | null
  keys: {
    keyId: string
    arn: string
    alias: string | null
    address: string | null
  }[]
  functions: { name: string; arn: string }[]
}

/** Runs a local home until it is asked to stop. */
export async function runLocal(
  terminal: Terminal,
  options: LocalOptions,
): Promise<void> {
  // Before --reset forgets anything.
  await reading(() => assertTogether(options))
  const stop = listenForStop()
  const progress = { done: 0, isUp: false }
  const { log } = options
  let home: LocalHome | undefined
  try {
    const dataDir = findHomeFolder(options.dataDir)
    if (options.reset) await resetLocalHome(dataDir)
    home = await createLocalHome({
      dataDir,
      ...(options.accountId && { accountId: options.accountId }),
      port: options.port,
      chain: options.chain ? { port: options.chainPort } : false,
      assembly: await assemblyOf(options, terminal),
      faults: toFaults(options),
      awsStrict: options.awsStrict,
      onEvent: (event) => tell(terminal, event, { progress, log }),
    })
    terminal.notify({ kind: 'progressEnd' })
    progress.isUp = true
    const [first] = home.keys()
    if (home.rpcUrl !== undefined && first?.address !== undefined)
      await giveFirst(home.rpcUrl, first.address, firstWei)
    if (stop.signal === undefined) {
      await printReady(terminal, home, { ...options, dataDir })
      await stop.asked
    }
    note(terminal, 'Stopping.')
  } finally {
    await home?.close()
    stop.dispose()
  }
}

/** What is made of a stack is folded; all else is a line. */
function tell(
  terminal: Terminal,
  line: string,
  {
    progress,
    log,
  }: { progress: { done: number; isUp: boolean }; log: LogFormat },
): void {
  const [, verb, id, type] =
    /: (creating|updating|deleting) (\w+) \(([\w:]+)\)$/.exec(line) ?? []
  // Whoever deploys a stack later sees it there.
  if (verb !== undefined && progress.isUp) return
  if (verb !== undefined)
    terminal.notify({
      ...{ kind: 'progress', line, text: `${verb} ${type} ${id}` },
      done: progress.done++,
    })
  else {
    const style = styleFor(terminal.stderr, terminal.env)
    const text = toLogLine(line, log, style)
    if (text !== undefined) note(terminal, text)
  }
}

/** @throws InputError */
function assertTogether({ assembly, stack, accountId }: LocalOptions): void {
  if (accountId !== undefined && assembly === undefined && stack !== false)
    throw new InputError('--account-id is given without --assembly.', {
      details:
        'The stack keyward-dev names roles of the account 000000000000. Give --assembly with a stack of yours, or --no-stack.',
    })
  if (stack === false && assembly !== undefined)
    throw new InputError(
      '--no-stack and --assembly exclude each other: the latter loads a stack.',
    )
  if (typeof stack === 'string' && assembly === undefined)
    throw new InputError('--stack is given without --assembly.', {
      details: 'It names a stack of the assembly that --assembly loads.',
    })
}

async function assemblyOf(
  options: LocalOptions,
  terminal: Terminal,
): Promise<{ directory: string; stackName?: string } | undefined> {
  const { assembly, stack } = options
  if (stack === false) return undefined
  if (assembly === undefined)
    return devAssembly((line) =>
      terminal.notify({ kind: 'progress', line, text: line }),
    )
  const directory = resolve(assembly)
  return stack === undefined ? { directory } : { directory, stackName: stack }
}

async function printReady(
  terminal: Terminal,
  home: LocalHome,
  options: LocalOptions,
): Promise<void> {
  const data = describeHome(home)
  const text = readyText(data, options.dataDir)
  await printResult(terminal, { data, text }, options.json)
}

/** What a home offers, with nothing left out that has no value. */
function describeHome(home: LocalHome): Ready {
  return {
    endpoint: home.endpoint,
    rpcUrl: home.rpcUrl ?? null,
    keys: home.keys().map(({ keyId, arn, alias, address }) => ({
      keyId,
      arn,
      alias: alias ?? null,
      address: address ?? null,
    })),
    functions: home.functions().map(({ name, arn }) => ({ name, arn })),
  }
}

/** The same for people: what runs where, and how to go on. */
function readyText(ready: Ready, dataDir: string): string {
  const folder =
    dataDir === findHomeFolder(usualFolder)
      ? ''
      : ` --data-dir ${shellWord(dataDir)}`
  return [
    'The local home is up. Stop it with Ctrl-C; keys and chain are kept.',
    '',
    toColumns([
      [
        'AWS endpoint',
        `${ready.endpoint}  (KMS, Lambda, CloudFormation and more)`,
      ],
      ['chain', ready.rpcUrl ?? 'none (--no-chain)'],
      ...ready.keys.map(
        (key) =>
          [
            'key',
            `${key.alias ?? key.keyId}  ${key.address ?? 'no address yet'}`,
          ] as const,
      ),
      ...ready.functions.map(({ name }) => ['function', name] as const),
      ['folder', dataDir],
    ]),
    '',
    'In another terminal:',
    `  eval "$(npx --no-install keyward env${folder})"`,
    '  npx --no-install keyward send --amount 0.1 \\\n    --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    '  npx --no-install keyward tx list',
  ].join('\n')
}
