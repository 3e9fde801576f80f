import { readFile } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'
import { assertRoles } from '@keyward/iam/review'
import { parseAddress } from '../node/parseAddress.js'
import { reason } from '../readInput.js'
import * as OwnerSettings from './OwnerSettings.js'
import * as RpcEndpoint from './RpcEndpoint.js'
import type { Settings } from './SettingValues.js'

export type { Settings }

/** The flags of `keyward deploy` that correspond to a setting. */
export type SettingFlags = {
  network?: string | undefined
  admin?: readonly string[] | undefined
  user?: readonly string[] | undefined
  importer?: readonly string[] | undefined
  breakGlass?: readonly string[] | undefined
  deployer?: readonly string[] | undefined
  invoker?: readonly string[] | undefined
  owner?: readonly string[] | undefined
  proposer?: readonly string[] | undefined
  alias?: string | undefined
  origin?: string | undefined
  address?: string | undefined
  existingKeyArn?: string | undefined
  existingLedger?: string | undefined
  ledgerWriter?: readonly string[] | undefined
  maxForeign?: string | undefined
  logLevel?: string | undefined
  maxTransactionFee?: string | undefined
  concurrency?: number | undefined
}

/** Maps each flag to its setting. */
export const names = {
  network: 'network',
  admin: 'administrators',
  user: 'users',
  importer: 'importers',
  breakGlass: 'breakGlass',
  deployer: 'deployers',
  invoker: 'invokers',
  owner: 'owners',
  proposer: 'proposers',
  alias: 'alias',
  origin: 'origin',
  address: 'address',
  existingKeyArn: 'existingKeyArn',
  existingLedger: 'existingLedgerTable',
  ledgerWriter: 'ledgerWriters',
  maxForeign: 'maxForeign',
  logLevel: 'logLevel',
  maxTransactionFee: 'maxTransactionFeeEther',
  concurrency: 'reservedConcurrentExecutions',
} as const satisfies Record<keyof SettingFlags, string>

/**
 * Merges all given settings: pairs override the file, and flags override both.
 * Each setting is parsed as the stack will parse it.
 *
 * @throws InputError, InvalidRequestError and PolicyError, naming the flag
 */
export async function read({
  settings: file,
  context,
  ...flags
}: SettingFlags & {
  settings: string | undefined
  /** `name=value` pairs for settings that have no flag. */
  context: readonly string[]
}): Promise<Settings> {
  const flagOf = (name: string) => {
    const [flag = name] =
      Object.entries(names).find(([, is]) => is === name) ?? []
    return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  }
  const { admin, user, importer, breakGlass, deployer } = flags
  assertRoles({
    ...(admin && { administrators: admin }),
    ...(user && { users: user }),
    ...(importer && { importers: importer }),
    ...(breakGlass && { breakGlass }),
    ...(deployer && { deployers: deployer }),
  })
  const layers = [
    file === undefined
      ? {}
      : await checkGiven(await fromFile(file), (name) => `--settings ${name}`),
    await checkGiven(fromPairs(context), (name) => `-c ${name}`),
    await checkGiven(fromFlags(flags), flagOf),
  ]
  let all: Settings = {}
  for (const layer of layers)
    all = { ...all, ...OwnerSettings.merge(all, layer) }
  return all
}

async function checkGiven(
  settings: Settings,
  nameOf: (setting: string) => string,
): Promise<Settings> {
  const checked = await check(settings, nameOf)
  for (const name of ['rpcUrl', 'sendRpcUrl']) {
    const url = checked[name]
    if (typeof url === 'string' && url !== '')
      await RpcEndpoint.assertKeyless(url, nameOf(name))
  }
  for (const { rpcUrl } of OwnerSettings.ownersIn(checked))
    if (typeof rpcUrl === 'string')
      await RpcEndpoint.assertKeyless(rpcUrl, nameOf('owners'))
  return OwnerSettings.complete(checked)
}

/**
 * Checks settings against what the stack accepts.
 *
 * @param nameOf - Returns how the user passed a setting, for messages.
 * @throws InputError, InvalidRequestError
 */
export async function check(
  settings: Settings,
  nameOf: (setting: string) => string,
): Promise<Settings> {
  const { assertKnown, readSettings } = await import('@keyward/cdk/settings')
  let owners: unknown
  try {
    assertKnown(Object.keys(settings))
    owners = readSettings(settings).owners
  } catch (error) {
    const [, name = '', first = '', rest] =
      /^(\w+): (.*?\.)(?: (.*))?$/s.exec((error as Error).message) ?? []
    throw new InputError(`${nameOf(name)}: ${first}`, {
      ...(rest !== undefined && { details: rest }),
      cause: error,
    })
  }
  // The stack doesn't check the EIP-55 checksum.
  const { address } = settings
  if (typeof address === 'string' && address !== '')
    parseAddress(address, nameOf('address'))
  return owners === undefined ? settings : { ...settings, owners }
}

/** Reads the settings of the flags that were given. */
export function fromFlags(flags: SettingFlags): Settings {
  return Object.fromEntries(
    Object.entries(names).flatMap(([flag, name]) => {
      const value = flags[flag as keyof SettingFlags]
      const isGiven = Array.isArray(value)
        ? value.length > 0
        : value !== undefined
      return isGiven ? [[name, value]] : []
    }),
  )
}

/**
 * Reads `name=value` pairs, as the CDK accepts them with `-c`. An empty value
 * removes a setting from an earlier deployment.
 *
 * @throws InputError
 */
export function fromPairs(pairs: readonly string[]): Settings {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      const name = pair.slice(0, at)
      if (at < 1 || !/^[a-zA-Z]+$/.test(name))
        throw new InputError(`-c ${quote(pair)} is not a setting.`, {
          details: 'It must be name=value, for example -c logRetention=30.',
        })
      if (name === 'stackName')
        throw new InputError('-c stackName is not allowed.', {
          details: "Pass the stack's name with --stack.",
        })
      return [name, pair.slice(at + 1)]
    }),
  )
}

/** @throws InputError if the file doesn't contain exactly one JSON object */
export async function fromFile(path: string): Promise<Settings> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new InputError(`--settings ${quote(path)} can't be read.`, {
      details:
        error instanceof SyntaxError
          ? 'The file is not JSON.'
          : `${reason(error)} Pass a JSON file with settings.`,
      cause: error instanceof SyntaxError ? undefined : error,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`--settings ${quote(path)} is not a JSON object.`, {
      details: 'It must be {"network": ..., "administrators": [...], ...}.',
    })
  const { stackName: _, ...settings } = value as Record<string, unknown>
  return settings
}

/**
 * Merges layers of settings. Later layers win, and an empty value removes a
 * setting.
 */
export function merge(...layers: readonly Settings[]): Settings {
  const merged = Object.assign({}, ...layers) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== ''),
  )
}
