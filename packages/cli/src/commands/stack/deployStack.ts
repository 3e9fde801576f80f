import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { assertRoles } from '@keyward/iam/review'
import { note, toColumns } from '@keyward/toolkit'
import {
  AwsCallError,
  type AwsConnection,
  connectAws,
  peek,
  seen,
} from '@keyward/toolkit/aws'
import type { ChangeSet } from '@keyward/toolkit/deploy'
import {
  applySettings,
  assertDeployable,
  type Deployment,
  findNewLedger,
  findToolkit,
  PinMismatchError,
  Settings,
  waitForOthers,
} from '@keyward/toolkit/deploy'
import {
  findWriters,
  LedgerTable,
  parseCount,
  whoProtects,
} from '@keyward/toolkit/ledger'
import { findNetwork, parseAddress, rpcUrls } from '@keyward/toolkit/node'
import {
  type AddressAnswer,
  type CloudFormation,
  connectCloudFormation,
  inStack,
  type Parts,
  pinOf,
  readAddress,
  readStack,
  readTemplate,
  type Stack,
  StackName,
  Step,
  type Template,
} from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { closeTable } from '../ledger/protectLedger.js'

type Deploying = Deployment & { terminal: Terminal }

export type DeployOptions = Settings.SettingFlags & {
  stack?: string | undefined
  /** A file of settings, weaker than flags. */
  settings?: string | undefined
  /** `name=value` for settings that have no flag. */
  context: readonly string[]
  /** The ledger begins at this count, or the one that is read. */
  newLedger?: string | true | undefined
  /** Node to read that count from. */
  rpcUrl?: string | undefined
  allowNewAccount: boolean
  dryRun: boolean
  yes: boolean
}

/**
 * Makes a stack, or brings it to other settings; those of the last deployment
 * stay unless they are given anew. The address of a key that AWS made is then
 * asked of KMS and deployed as the pin, and no later deployment takes a pin
 * away.
 */
export async function deployStack(
  terminal: Terminal,
  options: DeployOptions,
): Promise<Result> {
  const toolkit = findToolkit()
  const given = await readGiven(options)
  assertReadable(terminal, options)
  const connection = await connectAws(terminal)
  try {
    const { target } = connection
    const stack = options.stack ?? StackName.standard(target.kind)
    const { dryRun, yes, allowNewAccount } = options
    if (!dryRun)
      terminal.assertAskable({ target, action: `deploys ${stack}`, yes })
    const client = await connectCloudFormation(
      connection,
      given.bootstrapQualifier as string | undefined,
    )
    const before = await waitForOthers(terminal, client, target, stack)
    assertDeployable(before)
    const template = await deployedTemplate(client, before)
    const merged = Settings.merge(
      await standardSettings(
        toolkit.localSettings,
        connection,
        template,
        given,
      ),
      Settings.fromTemplate(template),
      keptPin(template),
      given,
      // Not even by an empty --address: unpinned, a function signs for
      // whatever key it is led to.
      given.address === '' ? keptPin(template) : {},
    )
    await assertPinFits(connection, before, template, merged)
    const parts = before && template && inStack(before, template)
    const settings = Settings.merge(
      merged,
      await findNewLedger(terminal, connection, {
        ...{ given: options.newLedger, rpcUrl: options.rpcUrl },
        ...{ settings: merged, parts },
      }),
    )
    const deployment: Deploying = {
      ...{ terminal, io: terminal, connection, client, toolkit, stack },
      ...{ dryRun, yes, allowNewAccount },
    }
    const table = existingLedgerOf(settings)
    if (table !== undefined)
      note(
        terminal,
        `The ledger ${table} is then closed to all but the writers of ${stack}.`,
      )
    const changes = await applySettings(deployment, settings)
    if (dryRun) return planned(stack, changes)
    if (changes.length === 0)
      note(terminal, `No changes: ${stack} is up to date.`)
    const pinned = await pin(deployment, settings)
    const result = await describe(
      deployment,
      [...changes, ...pinned.changes],
      pinned,
    )
    if (table === undefined) return result
    // It was announced with the first question, if there was one.
    const asked = { ...deployment, yes: yes || changes.length > 0 }
    return withLedger(result, await protectExisting(asked, table))
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    connection.close()
  }
}

async function readGiven(options: DeployOptions): Promise<Settings.Settings> {
  const { address } = options
  if (address !== undefined && address !== '')
    parseAddress(address, '--address')
  return {
    ...(options.settings && (await Settings.fromFile(options.settings))),
    ...Settings.fromPairs(options.context),
    ...Settings.fromFlags(options),
  }
}

async function deployedTemplate(
  client: CloudFormation,
  stack: Stack | undefined,
): Promise<Template | undefined> {
  // A stack under review, or rolled back, has no template that means anything.
  if (stack === undefined || stack.resources.length === 0) return undefined
  return seen(await peek(() => readTemplate(client, stack.name)))
}

/** In the local home a first deployment needs no settings at all. */
async function standardSettings(
  file: string,
  { target }: AwsConnection,
  template: Template | undefined,
  given: Settings.Settings,
): Promise<Settings.Settings> {
  if (target.kind === 'aws' || template !== undefined) return {}
  const { stackName: _, ...all } = JSON.parse(
    await readFile(file, 'utf8'),
  ) as Record<string, unknown>
  // A key that exists keeps its policy, and another chain its own habits.
  const { administrators, users, breakGlass, ...withoutRoles } = all
  const kept = given.existingKeyArn ? withoutRoles : all
  const { confirmations, maxForeign, newLedger, ...anyChain } = kept
  return given.network === undefined ? kept : anyChain
}

function keptPin(template: Template | undefined): Settings.Settings {
  const address = template && pinOf(template)
  return address === undefined ? {} : { address }
}

/** @throws PinMismatchError before functions are made that sign nothing. */
async function assertPinFits(
  connection: AwsConnection,
  before: Stack | undefined,
  template: Template | undefined,
  { address: pin, existingKeyArn }: Settings.Settings,
): Promise<void> {
  const parts = before && template && inStack(before, template)
  const given = typeof existingKeyArn === 'string' ? existingKeyArn : undefined
  const key = given ?? parts?.key
  if (typeof pin !== 'string' || key === undefined) return
  // The functions that are there know the key that they have, and no other.
  const functions = key === parts?.key ? (parts?.functions ?? []) : []
  const lambda = connection.open(LambdaClient)
  const { address } = await readAddress(
    connection.kms,
    lambda,
    key,
    functions.map(({ name }) => name),
  )
  if (address !== undefined && address.toLowerCase() !== pin.toLowerCase())
    throw new PinMismatchError(pin, address)
}

type Pinned = {
  parts: Parts
  address: AddressAnswer
  pin: string | undefined
  changes: readonly ChangeSet.ResourceChange[]
}

/** Deploys the key's own address as the pin, where none was given. */
async function pin(
  deployment: Deploying,
  settings: Settings.Settings,
): Promise<Pinned> {
  const { terminal, connection, client, stack } = deployment
  const parts = await readParts(client, stack)
  const lambda = connection.open(LambdaClient)
  const ask = () =>
    readAddress(
      connection.kms,
      lambda,
      parts.key,
      parts.functions.map(({ name }) => name),
    )
  let address = await ask()
  // IAM takes some seconds until a fresh role may what its policy says.
  for (let tries = 1; tries < patience(connection); tries++) {
    if (address.address !== undefined || settings.address !== undefined) break
    await pause(5000)
    address = await ask()
  }
  const pin = settings.address
  if (typeof pin === 'string' || address.address === undefined)
    return {
      ...{ parts, address, changes: [] },
      pin: typeof pin === 'string' ? pin : undefined,
    }
  note(terminal, `\nThe key's address is ${address.address}: pinning it.`)
  // The change was announced with the first question.
  const changes = await applySettings(
    { ...deployment, yes: true, allowNewAccount: false },
    { ...settings, address: address.address },
  )
  return { parts, address, pin: address.address, changes }
}

function patience({ target }: AwsConnection): number {
  return target.kind === 'local' ? 1 : 6
}

async function readParts(client: CloudFormation, name: string): Promise<Parts> {
  const stack = await readStack(client, name)
  if (stack === undefined) throw new Error(`The stack ${name} is gone.`)
  return inStack(stack, await deployedTemplate(client, stack))
}

/**
 * Refuses flags that can't be meant before AWS is asked; the CDK app reads all
 * settings together. An empty one takes a setting away.
 */
function assertReadable(terminal: Terminal, options: DeployOptions): void {
  const { stack, network, address, existingLedger, newLedger } = options
  if (stack !== undefined) StackName.assert(stack)
  if (network) findNetwork(terminal, network)
  const { admin, user, importer, breakGlass, deployer } = options
  assertRoles({
    ...(admin && { administrators: admin }),
    ...(user && { users: user }),
    ...(importer && { importers: importer }),
    ...(breakGlass && { breakGlass }),
    ...(deployer && { deployers: deployer }),
  })
  if (address) parseAddress(address, '--address')
  if (existingLedger) LedgerTable.assertName(existingLedger)
  if (typeof newLedger === 'string') parseCount(newLedger)
  rpcUrls(terminal, options.rpcUrl)
}

function existingLedgerOf({
  existingLedgerTable: table,
}: Settings.Settings): string | undefined {
  return typeof table === 'string' ? table : undefined
}

/** CloudFormation sets no policy on a table that it did not make. */
async function protectExisting(
  { terminal, connection, stack, yes }: Deploying,
  table: string,
): Promise<Step.Step> {
  const part = `protection of ${table}`
  let left = 0
  const step = await Step.run('table', part, whoProtects, async () => {
    const writers = await findWriters(connection, table, stack)
    const what = { table, writers, yes, dryRun: false }
    const result = await closeTable(terminal, connection, what)
    left = result.exitCode ?? 0
    return result.text
  })
  return left === 0 ? step : { ...step, done: false, runAs: whoProtects }
}

/** The result of a deployment, and what came of the ledger's protection. */
function withLedger(result: Result, step: Step.Step): Result {
  const { note, done, runAs } = step
  const how =
    runAs === undefined
      ? 'Run keyward ledger protect when that is mended.'
      : `Run keyward ledger protect as ${runAs}.`
  return {
    data: { ...(result.data as object), ledger: step },
    text: [
      result.text,
      '',
      done
        ? note
        : `The protection of the ledger was NOT set: ${note}. Unless the table has it already, whoever may write to it by IAM can have the key sign payments. ${how}`,
    ].join('\n'),
    exitCode: done ? (result.exitCode ?? 0) : 3,
  }
}

function planned(
  stack: string,
  changes: readonly ChangeSet.ResourceChange[],
): Result {
  const count = changes.length
  return {
    data: { stack, dryRun: true, changes },
    text:
      count === 0
        ? `No changes: ${stack} is up to date.`
        : `${count} resource${count === 1 ? '' : 's'} of ${stack} would change. Nothing was done.`,
  }
}

async function describe(
  { terminal, client, stack: name }: Deploying,
  changes: readonly ChangeSet.ResourceChange[],
  { parts, address, pin }: Pinned,
): Promise<Result> {
  const stack = await readStack(client, name)
  const { red } = styleFor(terminal.stdout, terminal.env)
  const keyArn = stack?.outputs.KeyArn ?? parts.key
  const functions = parts.functions.map(({ name }) => name)
  const data = {
    stack: name,
    status: stack?.status ?? null,
    changes,
    keyArn,
    address: address.address ?? null,
    pin: pin ?? null,
    functions,
    outputs: stack?.outputs ?? {},
  }
  const text = toColumns([
    ['stack', `${name}  ${stack?.status ?? ''}`],
    ['key', keyArn],
    ['address', address.address ?? `unknown: ${address.reason}`],
    ['pin', pin ?? red('UNPINNED')],
    ...functions.map((each) => ['function', each] as const),
  ])
  if (pin !== undefined) return { data, text, exitCode: 0 }
  const how =
    "Who may call kms:GetPublicKey, or invoke a function's alias status, pins it by running keyward deploy again."
  return { data, text: `${text}\n\n${how}`, exitCode: 3 }
}
