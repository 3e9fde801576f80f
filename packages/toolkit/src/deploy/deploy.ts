import type { Io } from '../Io.js'
import { rpcUrls } from '../node/rpcUrls.js'
import { reading } from '../reading.js'
import { withStack } from '../stack/withStack.js'
import { type Deployed, deployStack } from './deployStack.js'
import { findToolkit } from './findToolkit.js'
import * as PolicySetting from './PolicySetting.js'
import type { PinnedAccount } from './pinKey.js'
import * as RpcEndpoint from './RpcEndpoint.js'
import * as SafeSetting from './SafeSetting.js'
import * as Settings from './Settings.js'

export type DeployOptions = Settings.SettingFlags & {
  stack: string | undefined
  /** A settings file. Flags override its settings. */
  settings: string | undefined
  /** `name=value` pairs for settings that have no flag. */
  context: readonly string[]
  /** A policy file, or `none`. */
  policy: string | undefined
  safeFile: string | undefined
  /** False for a stack with only an owner. */
  coordinator: boolean
  rpcUrl: RpcEndpoint.RpcEndpoint | undefined
  newLedger: bigint | true | undefined
  allowNewAccount: boolean
  dryRun: boolean
  yes: boolean
}

export type DeployedStack = Deployed & {
  name: string
  /** Converts the result to the `--json` output. */
  data: Record<string, unknown>
}

/** Creates a stack or changes its settings. */
export async function deploy(
  io: Io,
  options: DeployOptions,
): Promise<DeployedStack> {
  const { rpcUrl: rpc } = options
  const { given, urls } = await reading(async () => ({
    given: {
      ...(await Settings.read(options)),
      ...(await PolicySetting.read(options.policy)),
      ...(await SafeSetting.read(options.safeFile)),
      ...(!options.coordinator && { coordinator: false }),
    },
    urls: (rpc && RpcEndpoint.urlsOf(rpc)) ?? rpcUrls(io),
  }))
  const toolkit = findToolkit()
  return withStack(io, options, async (connection, name) => {
    const request = { ...options, given, rpc, urls }
    const deployed = await deployStack(io, toolkit, connection, name, request)
    return { ...deployed, name, data: toJson(name, deployed) }
  })
}

function toJson(name: string, { changes, done }: Deployed) {
  if (done === undefined) return { stack: name, dryRun: true, changes }
  const { stack, ledger, guard, pinned } = done
  const { parts, accounts } = pinned
  const [only] = accounts
  return {
    stack: name,
    status: stack?.status ?? null,
    changes,
    ...(only?.role === undefined
      ? {
          keyArn: stack?.outputs.KeyArn ?? only?.key,
          address: only?.address.address ?? null,
          pin: only?.pin ?? null,
        }
      : { accounts: accounts.map(accountData) }),
    functions: parts.functions.map(({ name }) => name),
    outputs: stack?.outputs ?? {},
    ...(ledger && { ledger }),
    ...(guard && { guard }),
  }
}

function accountData({ role, key, address, pin }: PinnedAccount) {
  return {
    role,
    key,
    address: address.address ?? null,
    pin: pin ?? null,
  }
}
