import { setTimeout as pause } from 'node:timers/promises'
import { LambdaClient } from '@aws-sdk/client-lambda'
import type { AwsConnection } from '../aws/connectAws.js'
import { note } from '../Io.js'
import { type Account, inStack, type Parts } from '../stack/findParts.js'
import { type AddressAnswer, readAddress } from '../stack/readAddress.js'
import { readStack } from '../stack/readStack.js'
import { applySettings, type Deployment } from './applySettings.js'
import type { ResourceChange } from './ChangeSet.js'
import { PinMismatchError } from './DeployError.js'
import { deployedTemplate } from './gatherSettings.js'
import * as OwnerSettings from './OwnerSettings.js'
import type { Settings } from './Settings.js'

export type Pinned = {
  parts: Parts
  /** The keys, in the order of the stack's parts. */
  accounts: readonly PinnedAccount[]
  changes: readonly ResourceChange[]
}

export type PinnedAccount = {
  role: string | undefined
  key: string
  address: AddressAnswer
  pin: string | undefined
}

/** @throws PinMismatchError before functions are created that can't sign */
export async function assertPinsFit(
  connection: AwsConnection,
  parts: Parts | undefined,
  settings: Settings,
): Promise<void> {
  for (const account of accountsOf(parts, settings)) {
    const pin = OwnerSettings.pinOf(settings, account.role)
    if (pin === undefined) continue
    // Existing functions only know the key that they already use.
    const { address } = await ask(connection, account)
    if (address !== undefined && address.toLowerCase() !== pin.toLowerCase())
      throw new PinMismatchError(pin, address)
  }
}

/** The accounts that exist before the deployment and that it keeps. */
function accountsOf(
  parts: Parts | undefined,
  { existingKeyArn: key }: Settings,
): readonly Account[] {
  return typeof key === 'string' && key && key !== parts?.accounts[0].key
    ? [{ role: undefined, key, functions: [] }]
    : (parts?.accounts ?? [])
}

/**
 * Adds the address of a key that exists already, so that one deployment is
 * enough; {@link pinKeys} pins the others.
 */
export async function pinExisting(
  { io, connection, dryRun, allowNewAccount }: Deployment,
  parts: Parts | undefined,
  settings: Settings,
): Promise<Settings> {
  if (OwnerSettings.isMultisig(settings)) return settings
  // A key that the deployment replaces must not be pinned.
  const keepsKey = settings.existingKeyArn
    ? true
    : parts?.ownKey === true && !allowNewAccount
  const [account] = accountsOf(parts, settings)
  if (!keepsKey || account === undefined) return settings
  if (OwnerSettings.pinOf(settings, undefined) !== undefined) return settings
  const { address } = await ask(connection, account)
  if (address === undefined) return settings
  note(
    io,
    `The key's address is ${address}. ${dryRun ? 'It would be pinned.' : 'Pinning it.'}`,
  )
  return OwnerSettings.pin(settings, new Map([[undefined, address]]))
}

/** Deploys the keys' own addresses as pins where no pins were given. */
export async function pinKeys(
  deployment: Deployment,
  settings: Settings,
): Promise<Pinned> {
  const { io, connection } = deployment
  const parts = await readParts(deployment)
  const accounts = await Promise.all(
    parts.accounts.map(async (account) => ({
      ...account,
      pin: OwnerSettings.pinOf(settings, account.role),
      address: await ask(connection, account),
    })),
  )
  const missing = () =>
    accounts.filter(({ pin, address }) => !pin && !address.address)
  // It takes a few seconds until a new role has its permissions.
  for (let tries = 1; tries < patience(connection); tries++) {
    if (missing().length === 0) break
    await pause(5000)
    for (const account of missing())
      account.address = await ask(connection, account)
  }
  const found = accounts.flatMap(({ role, pin, address: { address } }) =>
    pin === undefined && address !== undefined
      ? [[role, address] as const]
      : [],
  )
  if (found.length === 0) return { parts, accounts, changes: [] }
  for (const [role, address] of found)
    note(
      io,
      `${role === undefined ? '\nThe key' : role}'s address is ${address}. Pinning it.`,
    )
  // The first question already announced this change.
  const changes = await applySettings(
    {
      ...deployment,
      ...{ template: parts.template, yes: true, allowNewAccount: false },
    },
    OwnerSettings.pin(settings, new Map(found)),
  )
  return {
    parts,
    accounts: accounts.map((one) => ({
      ...one,
      pin: one.pin ?? one.address.address,
    })),
    changes,
  }
}

function ask(
  connection: AwsConnection,
  { key, functions }: Account,
): Promise<AddressAnswer> {
  return readAddress(
    connection.kms,
    connection.open(LambdaClient),
    key,
    functions.map(({ name }) => name),
  )
}

function patience({ target }: AwsConnection): number {
  return target.kind === 'local' ? 1 : 6
}

async function readParts({ client, stack: name }: Deployment): Promise<Parts> {
  const stack = await readStack(client, name)
  if (stack === undefined)
    throw new Error(`The stack ${name} no longer exists.`)
  return inStack(stack, await deployedTemplate(client, stack))
}
