import { setTimeout as pause } from 'node:timers/promises'
import { LambdaClient } from '@aws-sdk/client-lambda'
import type { AwsConnection } from '../aws/connectAws.js'
import { note } from '../Io.js'
import { inStack, type Parts } from '../stack/findParts.js'
import { type AddressAnswer, readAddress } from '../stack/readAddress.js'
import { readStack } from '../stack/readStack.js'
import { applySettings, type Deployment } from './applySettings.js'
import type { ResourceChange } from './ChangeSet.js'
import { PinMismatchError } from './DeployError.js'
import { deployedTemplate } from './gatherSettings.js'
import type { Settings } from './Settings.js'

export type Pinned = {
  parts: Parts
  address: AddressAnswer
  pin: string | undefined
  changes: readonly ResourceChange[]
}

/** @throws PinMismatchError before functions are made that sign nothing. */
export async function assertPinFits(
  connection: AwsConnection,
  parts: Parts | undefined,
  { address: pin, existingKeyArn }: Settings,
): Promise<void> {
  const given = typeof existingKeyArn === 'string' ? existingKeyArn : undefined
  const key = given ?? parts?.key
  if (typeof pin !== 'string' || key === undefined) return
  // The functions that are there know the key that they have, and no other.
  const functions = key === parts?.key ? (parts?.functions ?? []) : []
  const { address } = await ask(connection, key, functions)
  if (address !== undefined && address.toLowerCase() !== pin.toLowerCase())
    throw new PinMismatchError(pin, address)
}

/** Deploys the key's own address as the pin, where none was given. */
export async function pinKey(
  deployment: Deployment,
  settings: Settings,
): Promise<Pinned> {
  const { io, connection } = deployment
  const parts = await readParts(deployment)
  let address = await ask(connection, parts.key, parts.functions)
  // IAM takes some seconds until a fresh role may what its policy says.
  for (let tries = 1; tries < patience(connection); tries++) {
    if (address.address !== undefined || settings.address !== undefined) break
    await pause(5000)
    address = await ask(connection, parts.key, parts.functions)
  }
  const { address: pin } = settings
  if (typeof pin === 'string') return { parts, address, pin, changes: [] }
  if (address.address === undefined)
    return { parts, address, pin: undefined, changes: [] }
  note(io, `\nThe key's address is ${address.address}: pinning it.`)
  // The change was announced with the first question.
  const changes = await applySettings(
    { ...deployment, yes: true, allowNewAccount: false },
    { ...settings, address: address.address },
  )
  return { parts, address, pin: address.address, changes }
}

function ask(
  connection: AwsConnection,
  key: string,
  functions: Parts['functions'],
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
  if (stack === undefined) throw new Error(`The stack ${name} is gone.`)
  return inStack(stack, await deployedTemplate(client, stack))
}
