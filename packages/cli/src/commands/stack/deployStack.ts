import { pluralize, reading, toColumns } from '@keyward/toolkit'
import {
  type Deployed,
  deployStack as deploy,
  findToolkit,
  PolicySetting,
  RpcEndpoint,
  Settings,
} from '@keyward/toolkit/deploy'
import { rpcUrls } from '@keyward/toolkit/node'
import { type Step, withStack } from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

export type DeployOptions = Settings.SettingFlags & {
  stack: string | undefined
  /** A file of settings, weaker than flags. */
  settings: string | undefined
  /** `name=value` for settings that have no flag. */
  context: readonly string[]
  /** Of a policy, or `none`. */
  policy: string | undefined
  rpcUrl: RpcEndpoint.RpcEndpoint | undefined
  newLedger: bigint | true | undefined
  allowNewAccount: boolean
  dryRun: boolean
  yes: boolean
}

/** Makes a stack, or brings it to other settings. */
export async function deployStack(
  terminal: Terminal,
  options: DeployOptions,
): Promise<Result> {
  const { rpcUrl: rpc } = options
  const { given, urls } = await reading(async () => ({
    given: {
      ...(await Settings.read(options)),
      ...(await PolicySetting.read(options.policy)),
    },
    urls: (rpc && RpcEndpoint.urlsOf(rpc)) ?? rpcUrls(terminal),
  }))
  const toolkit = findToolkit()
  return withStack(terminal, options, async (connection, name) => {
    const request = { ...options, given, rpc, urls }
    const deployed = await deploy(terminal, toolkit, connection, name, request)
    return toResult(terminal, name, deployed)
  })
}

function toResult(
  terminal: Terminal,
  name: string,
  { changes, done }: Deployed,
): Result {
  if (done === undefined)
    return {
      data: { stack: name, dryRun: true, changes },
      text:
        changes.length === 0
          ? `No changes: ${name} is up to date.`
          : `${pluralize(changes.length, 'resource')} of ${name} would change. Nothing was done.`,
    }
  const { stack, ledger, guard } = done
  const { parts, address, pin } = done.pinned
  const { red } = styleFor(terminal.stdout, terminal.env)
  const keyArn = stack?.outputs.KeyArn ?? parts.key
  const functions = parts.functions.map(({ name }) => name)
  const isComplete =
    pin !== undefined && ledger?.done !== false && guard?.done !== false
  return {
    data: {
      stack: name,
      status: stack?.status ?? null,
      changes,
      keyArn,
      address: address.address ?? null,
      pin: pin ?? null,
      functions,
      outputs: stack?.outputs ?? {},
      ...(ledger && { ledger }),
      ...(guard && { guard }),
    },
    text: [
      toColumns([
        ['stack', `${name}  ${stack?.status ?? ''}`],
        ['key', keyArn],
        ['address', address.address ?? `unknown: ${address.reason}`],
        ['pin', pin ?? red('UNPINNED')],
        ...functions.map((each) => ['function', each] as const),
      ]),
      ...(pin === undefined
        ? [
            "To pin it, run keyward deploy again as a principal that may call kms:GetPublicKey or invoke a function's alias status.",
          ]
        : []),
      ...(ledger === undefined ? [] : [ledgerText(ledger)]),
      ...(guard === undefined ? [] : [guardText(guard)]),
    ].join('\n\n'),
    exitCode: isComplete ? 0 : 3,
  }
}

function guardText({ note, done, runAs }: Step.Step): string {
  if (done) return note
  return `The guard does NOT let the new functions count: ${note}. Until it does they sign nothing that a window counts. ${howToProtect(runAs)}`
}

function howToProtect(runAs: string | undefined): string {
  return runAs === undefined
    ? 'Run keyward ledger protect when that is fixed.'
    : `Run keyward ledger protect as ${runAs}.`
}

function ledgerText({ note, done, runAs }: Step.Step): string {
  if (done) return note
  const how = howToProtect(runAs)
  return `The protection of the ledger was NOT set: ${note}. Unless the table has it already, anyone whom IAM lets write to it can have the key sign payments. ${how}`
}
