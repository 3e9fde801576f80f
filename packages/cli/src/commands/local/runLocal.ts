import { resolve } from 'node:path'
import type { createLocalHome, LocalHome } from '@keyward/local'
import { note } from '@keyward/toolkit'
import type { LogFormat } from '@keyward/toolkit/home'
import { devAssembly } from '../../devAssembly.js'
import { printResult } from '../../output/Result.js'
import type { Values } from '../../program/Input.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { listenForStop } from '../../terminal/untilStopped.js'
import { type faultInputs, toFaults } from './faultInputs.js'
import { readyText } from './readyText.js'

export type LocalOptions = Values<typeof faultInputs> & {
  port: number
  chainPort: number
  dataDir: string
  chain: boolean
  assembly: string | undefined
  /** Name of the stack; false with --no-stack. */
  stack: string | false | undefined
  reset: boolean
  awsStrict: boolean
  log: LogFormat
  accountId: string | undefined
  json: boolean
}

/** The first key's balance on a new chain. */
const firstWei = 10_000n * 10n ** 18n

/** Runs a local home until a signal stops it. */
export async function runLocal(
  terminal: Terminal,
  options: LocalOptions,
): Promise<void> {
  const local = await import('@keyward/local')
  const { giveFirst, toLogLine } = await import('@keyward/toolkit/home')
  const stop = listenForStop()
  const progress = { done: 0, isUp: false }
  const { log, json, awsStrict } = options
  const { style } = terminal.stderr
  const toText = (line: string) => toLogLine(line, log, style)
  let home: LocalHome | undefined
  try {
    const dataDir = local.findHomeFolder(options.dataDir)
    if (options.reset) await local.resetLocalHome(dataDir)
    home = await local.createLocalHome({
      ...{ dataDir, port: options.port, awsStrict },
      ...(options.accountId && { accountId: options.accountId }),
      chain: options.chain ? { port: options.chainPort } : false,
      assembly: assemblyOf(options, terminal),
      faults: toFaults(options),
      onEvent: (event) => tell(terminal, event, progress, toText),
    })
    terminal.notify({ kind: 'progressEnd' })
    progress.isUp = true
    const [first] = home.keys()
    if (home.rpcUrl !== undefined && first?.address !== undefined)
      await giveFirst(home.rpcUrl, first.address, firstWei)
    if (stop.signal === undefined) {
      const data = local.describeHome(home)
      const isUsual = dataDir === local.findHomeFolder()
      const text = readyText(data, dataDir, isUsual)
      await printResult(terminal, { data, text }, json)
      await stop.asked
    }
    note(terminal, 'Stopping.')
  } finally {
    await home?.close()
    stop.dispose()
  }
}

/** A stack's progress is folded. Everything else gets its own line. */
function tell(
  terminal: Terminal,
  line: string,
  progress: { done: number; isUp: boolean },
  toText: (line: string) => string | undefined,
): void {
  const [, verb, id, type] =
    /: (creating|updating|deleting) (\w+) \(([\w:]+)\)$/.exec(line) ?? []
  // A stack that is deployed later appears there.
  if (verb !== undefined && progress.isUp) return
  if (verb !== undefined)
    terminal.notify({
      ...{ kind: 'progress', line, text: `${verb} ${type} ${id}` },
      done: progress.done++,
    })
  else {
    const text = toText(line)
    if (text !== undefined) note(terminal, text)
  }
}

function assemblyOf(
  { assembly, stack }: LocalOptions,
  terminal: Terminal,
): createLocalHome.Parameters['assembly'] {
  if (stack === false) return undefined
  if (assembly === undefined)
    return () =>
      devAssembly((line) =>
        terminal.notify({ kind: 'progress', line, text: line }),
      )
  const directory = resolve(assembly)
  return stack === undefined ? { directory } : { directory, stackName: stack }
}
