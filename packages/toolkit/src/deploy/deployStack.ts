import { InputError } from '@keyward/core/errors'
import { awsCommand } from '../aws/awsCommand.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { type Io, note } from '../Io.js'
import { closeTable } from '../ledger/closeTable.js'
import { findWriters } from '../ledger/findWriters.js'
import { whoProtects } from '../ledger/protectTable.js'
import { connectCloudFormation } from '../stack/CloudFormation.js'
import { inStack } from '../stack/findParts.js'
import { assertKeywards } from '../stack/isKeywards.js'
import { readStack, type Stack } from '../stack/readStack.js'
import * as Step from '../stack/Step.js'
import { settingsOf, type Template } from '../stack/Template.js'
import { applySettings, type Deployment } from './applySettings.js'
import { assertChain } from './assertChain.js'
import { assertOneGuard } from './assertOneGuard.js'
import type { ResourceChange } from './ChangeSet.js'
import { decidePolicy } from './decidePolicy.js'
import { findNewLedger } from './findNewLedger.js'
import type { Toolkit } from './findToolkit.js'
import { deployedTemplate, gatherSettings } from './gatherSettings.js'
import { notePolicy } from './notePolicy.js'
import { noteRemoved } from './noteRemoved.js'
import { noteUnguarded } from './noteUnguarded.js'
import { isMultisig, ownersIn } from './OwnerSettings.js'
import { assertPinsFit, type Pinned, pinExisting, pinKeys } from './pinKey.js'
import * as RpcEndpoint from './RpcEndpoint.js'
import type { Settings } from './Settings.js'
import { assertDeployable, waitForOthers } from './waitForOthers.js'

export type DeployRequest = {
  /** The settings as given; other settings keep their values. */
  given: Settings
  /**
   * The nonce at which the ledger begins, or `true` to read it from the chain.
   */
  newLedger: bigint | true | undefined
  /** The chain's endpoint; if undefined, it stays unchanged. */
  rpc: RpcEndpoint.RpcEndpoint | undefined
  /** Nodes from which to read that nonce. */
  urls: readonly string[] | undefined
  allowNewAccount: boolean
  dryRun: boolean
  yes: boolean
}

export type Deployed = {
  /** What changed or, with `dryRun`, would change. */
  changes: readonly ResourceChange[]
  /** Undefined for a dry run. */
  done:
    | {
        stack: Stack | undefined
        pinned: Pinned
        /** Set for a multisig whose Safe is known. */
        safe: string | undefined
        /**
         * The result of protecting an existing table that was passed to the
         * stack.
         */
        ledger: Step.Step | undefined
        guard: Step.Step | undefined
      }
    | undefined
}

/**
 * Creates a stack or changes its settings; the settings of the last deployment
 * stay unless new ones are given. The key's address, which KMS returns, becomes
 * the pin: for a key that the deployment creates, by a second change. No later
 * deployment removes a pin.
 */
export async function deployStack(
  io: Io,
  toolkit: Toolkit,
  connection: AwsConnection,
  stack: string,
  request: DeployRequest,
): Promise<Deployed> {
  const { target } = connection
  const { rpc, dryRun, yes, allowNewAccount } = request
  const given = withEndpoint(connection, stack, request)
  if (!dryRun)
    io.assertAskable({ target, action: `deploys the stack ${stack}`, yes })
  const client = await connectCloudFormation(
    connection,
    given.bootstrapQualifier as string | undefined,
  )
  const before = await waitForOthers(io, client, target, stack)
  assertDeployable(before)
  const template = await deployedTemplate(client, before)
  if (before !== undefined) assertKeywards(before, template)
  assertSameKind(stack, template, given)
  const merged = await gatherSettings(
    toolkit.localSettings,
    connection,
    stack,
    template,
    given,
  )
  noteRemoved(io, settingsOf(template), merged)
  await assertChain(io, rpc, given, merged)
  // The co-signers refuse to sign, so no policy is needed.
  if (template === undefined && !dryRun && !isMultisig(merged))
    // `none` is not stored as a setting.
    await decidePolicy(io, stack, { policy: given.policy, ...merged }, { yes })
  await notePolicy(io, merged)
  const parts = before && template && inStack(before, template)
  const { existingKeyArn } = merged
  await assertOneGuard(io, connection, {
    ...{ stack, settings: merged },
    key: existingKeyArn ? String(existingKeyArn) : before?.outputs.KeyArn,
    guardTable: before?.outputs.GuardTable,
  })
  await assertPinsFit(connection, parts, merged)
  const unpinned = {
    ...merged,
    ...(await findNewLedger(io, connection, {
      ...{ given: request.newLedger, urls: request.urls },
      ...{ settings: merged, parts },
    })),
  }
  const deployment: Deployment = {
    ...{ io, connection, client, toolkit, stack, template },
    ...{ dryRun, yes, allowNewAccount },
  }
  const settings = await pinExisting(deployment, parts, unpinned)
  noteUnguarded(io, stack, settings)
  noteOneAccount(io, settings)
  const { existingLedgerTable, existingGuardTable } = settings as Settings
  const ledgerTable = nameIn(existingLedgerTable)
  const guardTable = nameIn(existingGuardTable)
  if (ledgerTable)
    note(
      io,
      `Afterwards, only the writers of ${stack} can write to the ledger ${ledgerTable}.`,
    )
  if (guardTable)
    note(
      io,
      `Afterwards, the functions of ${stack}, and of each other stack that counts in the guard table ${guardTable}, can write to that table.`,
    )
  const secret = rpc?.kind === 'secret' ? rpc.urls : undefined
  if (secret !== undefined)
    note(
      io,
      `The URL ${dryRun ? 'would be' : 'will be'} stored in the SecureString parameter ${RpcEndpoint.parameterName(stack)}.`,
    )
  const changes = await applySettings(deployment, settings, secret)
  if (dryRun) return { changes, done: undefined }
  if (changes.length === 0)
    note(
      io,
      secret === undefined
        ? `No changes: ${stack} is up to date.`
        : `The URL was replaced. Nothing else changed: ${stack} is up to date.`,
    )
  const own = RpcEndpoint.parameterArn(connection, stack)
  if (settingsOf(template).rpcUrl === own && settings.rpcUrl !== own)
    note(
      io,
      `The parameter ${RpcEndpoint.parameterName(stack)} is no longer used. To delete it: ${awsCommand(target, `ssm delete-parameter --name ${RpcEndpoint.parameterName(stack)}`)}`,
    )
  const pinned = await pinKeys(deployment, settings)
  const found = await readStack(client, stack)
  noteGuard(io, before?.outputs.GuardTable, found?.outputs.GuardTable)
  // The first question, if there was one, already covered this change.
  const asked = { ...deployment, yes: yes || changes.length > 0 }
  const ledger = await protect(asked, ledgerTable)
  const guard = await protect(asked, guardTable)
  return {
    changes: [...changes, ...pinned.changes],
    done: { stack: found, pinned, safe: safeIn(settings), ledger, guard },
  }
}

function nameIn(setting: unknown): string | undefined {
  return typeof setting === 'string' && setting !== '' ? setting : undefined
}

function safeIn({ safe }: Settings): string | undefined {
  return typeof safe === 'string' ? JSON.parse(safe).safe : undefined
}

/**
 * A single key can't become several keys, and several keys can't become one.
 */
function assertSameKind(
  stack: string,
  template: Template | undefined,
  given: Settings,
): void {
  const { owners } = given
  const before = isMultisig(settingsOf(template))
  if (template === undefined || owners === undefined) return
  if (before && owners !== '') return
  throw new InputError(
    before
      ? `The stack ${stack} is a multisig and can't become another kind of stack.`
      : `The stack ${stack} has one key and can't become a multisig.`,
    { details: 'Nothing was changed. Choose another stack with --stack.' },
  )
}

/**
 * The app also says this during synthesis, for users who deploy with the CDK
 * directly.
 */
function noteOneAccount(io: Io, settings: Settings): void {
  const { length } = ownersIn(settings)
  if (length > 1)
    note(
      io,
      `All ${length} keys will be in one AWS account. Anyone who deploys to it or administers it controls all of them, so the Safe's threshold does not restrict that person. If that matters, have each owner deploy a separate stack in another account, with one --owner and --no-coordinator.`,
    )
}

/** A table that contains counts is retained. A new table starts from 0. */
function noteGuard(
  io: Io,
  before: string | undefined,
  after: string | undefined,
): void {
  if (before === undefined || before === after) return
  note(
    io,
    `The table ${before} is kept, with the amounts that the policy's windows have counted. To continue with that table, deploy with -c existingGuardTable=${before}; otherwise the windows start at 0.`,
  )
}

/** The URL itself is not a setting: the stack gets the ARN of the parameter. */
function withEndpoint(
  connection: AwsConnection,
  stack: string,
  { given, rpc }: DeployRequest,
): Settings {
  if (rpc === undefined) return given
  const rpcUrl =
    rpc.kind === 'secret'
      ? RpcEndpoint.parameterArn(connection, stack)
      : rpc.value
  return { ...given, rpcUrl }
}

/** CloudFormation can't set a policy on a table that it did not create. */
async function protect(
  { io, connection, stack, yes }: Deployment,
  table: string | undefined,
): Promise<Step.Step | undefined> {
  if (table === undefined) return undefined
  const part = `protection of ${table}`
  let left: readonly Step.Step[] = []
  const step = await Step.run('table', part, whoProtects, async () => {
    const writers = await findWriters(connection, table, stack)
    const what = { table, writers, yes, dryRun: false }
    const { steps = [] } = await closeTable(io, connection, what)
    left = steps.filter(({ done }) => !done)
    return left.length === 0
      ? `${table} is protected.`
      : left.map(({ part, note }) => `${part} ${note}`).join('; ')
  })
  return left.length === 0 ? step : { ...step, done: false, runAs: whoProtects }
}
