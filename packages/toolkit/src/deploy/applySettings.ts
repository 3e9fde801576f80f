import type { AwsConnection } from '../aws/connectAws.js'
import { nameOf } from '../aws/peek.js'
import { type Io, resumable } from '../Io.js'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { readStack } from '../stack/readStack.js'
import type { Template } from '../stack/Template.js'
import { pluralize } from '../text/pluralize.js'
import { assertRegion } from './assertRegion.js'
import * as ChangeSet from './ChangeSet.js'
import { compareProperties } from './compareProperties.js'
import {
  DeployFailedError,
  DeployOvertakenError,
  KeyReplacedError,
} from './DeployError.js'
import type { Toolkit } from './findToolkit.js'
import { followStack, isEnd, markEvents } from './followStack.js'
import { CdkFailedError, prepareChangeSet } from './prepareChangeSet.js'
import { keep } from './RpcEndpoint.js'
import type { Settings } from './Settings.js'
import { synthesize } from './synthesize.js'

export type Deployment = {
  io: Io
  connection: AwsConnection
  client: CloudFormation
  toolkit: Toolkit
  stack: string
  /** The deployed template, as far as the caller is allowed to see it. */
  template: Template | undefined
  /** Only plan; change nothing. */
  dryRun: boolean
  yes: boolean
  allowNewAccount: boolean
}

/**
 * Applies settings to a stack: synthesizes it, creates a change set, shows it,
 * asks for confirmation, and executes it while reporting the events.
 *
 * @param secretUrls - URLs of the RPC endpoint for the stack's own parameter,
 * written after confirmation and before any change that reads it.
 * @returns The changes; empty if the stack is up to date.
 * @throws DeployFailedError, DeployOvertakenError, KeyReplacedError, and
 * synthesis and CDK errors
 */
export async function applySettings(
  deployment: Deployment,
  settings: Settings,
  secretUrls?: string,
): Promise<readonly ChangeSet.ResourceChange[]> {
  const { io, connection, client, stack } = deployment
  const { target } = connection
  await assertRegion(settings, connection.region)
  const changeSet = await resumable(
    io,
    'Nothing was changed. Run the same command to start again.',
    () => plan(deployment, settings),
  )
  if (changeSet?.empty) await discard(client, changeSet)
  if (changeSet === undefined || changeSet.empty) {
    await assertSettled(client, stack)
    if (secretUrls === undefined || deployment.dryRun) return []
    const action = `replaces the RPC endpoint of the stack ${stack}`
    await io.confirm({ target, action, yes: deployment.yes })
    await keep(connection, stack, secretUrls)
    return []
  }
  const { changes } = changeSet
  io.notify({ kind: 'changes', stack, changes })
  try {
    if (ChangeSet.losesKey(changes) && !deployment.allowNewAccount)
      throw new KeyReplacedError(stack)
    if (deployment.dryRun) {
      await discard(client, changeSet)
      return changes
    }
    const action = `changes ${pluralize(changes.length, 'resource')} of the stack ${stack}`
    await io.confirm({ target, action, yes: deployment.yes })
    if (secretUrls !== undefined) await keep(connection, stack, secretUrls)
  } catch (error) {
    await discard(client, changeSet)
    throw error
  }
  await execute(deployment, changeSet)
  return changes
}

async function plan(
  { io, connection, client, toolkit, stack, template }: Deployment,
  settings: Settings,
): Promise<ChangeSet.ChangeSet | undefined> {
  progress(io, `Synthesizing ${stack}.`)
  const assembly = await synthesize(toolkit.app, stack, settings)
  try {
    progress(io, 'Publishing the functions and preparing the change set.')
    const name = await prepareChangeSet(
      connection,
      toolkit.cdk,
      stack,
      assembly,
    )
    const changeSet = await ChangeSet.read(client, stack, name)
    return (
      changeSet && {
        ...changeSet,
        changes: changeSet.changes.map((change) => ({
          ...change,
          properties: compareProperties(
            template,
            assembly.template,
            change.logicalId,
          ),
        })),
      }
    )
  } catch (error) {
    if (
      error instanceof CdkFailedError &&
      DeployOvertakenError.applies('', error.details ?? '')
    )
      throw new DeployOvertakenError(stack)
    throw error
  } finally {
    io.notify({ kind: 'progressEnd' })
    await assembly.remove()
  }
}

function progress(io: Io, line: string): void {
  io.notify({ kind: 'progress', line, text: line.replace(/\.$/, '') })
}

/**
 * The CDK compares templates, and a stack that is still being created already
 * has its template. So "no difference" means nothing until that deployment has
 * ended.
 *
 * @throws DeployOvertakenError
 */
async function assertSettled(
  client: CloudFormation,
  name: string,
): Promise<void> {
  const stack = await readStack(client, name)
  if (stack !== undefined && !isEnd(stack.status))
    throw new DeployOvertakenError(name)
}

async function execute(
  { io, connection, client, stack }: Deployment,
  { id, stackId, changes }: ChangeSet.ChangeSet,
): Promise<void> {
  const total = changes.length
  const { ExecuteChangeSetCommand } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const before = await markEvents(client, stackId)
  try {
    await client.send(
      new ExecuteChangeSetCommand({ StackName: stackId, ChangeSetName: id }),
    )
  } catch (error) {
    const { message = '' } = error as Error
    if (DeployOvertakenError.applies(nameOf(error), message))
      throw new DeployOvertakenError(stack)
    throw error
  }
  const { target } = connection
  const outcome = await resumable(
    io,
    `CloudFormation continues with ${stack}. Run the same command again to follow the deployment and finish the rest; keyward status --stack ${stack} shows the current state.`,
    () => followStack(io, client, target, stackId, before, total),
  )
  if (!['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(outcome.status))
    throw new DeployFailedError(stack, target, outcome)
}

/**
 * Deletes a change set, and also the empty stack that CloudFormation created
 * for it, unless that stack has someone else's change set.
 */
async function discard(
  client: CloudFormation,
  { id, stackId }: ChangeSet.ChangeSet,
): Promise<void> {
  const sdk = await import('@aws-sdk/client-cloudformation')
  await client.send(
    new sdk.DeleteChangeSetCommand({ StackName: stackId, ChangeSetName: id }),
  )
  const stack = await readStack(client, stackId)
  if (stack?.status !== 'REVIEW_IN_PROGRESS') return
  const { Summaries = [] } = await client.send(
    new sdk.ListChangeSetsCommand({ StackName: stackId }),
  )
  if (Summaries.every(({ ChangeSetId }) => ChangeSetId === id))
    await client.send(new sdk.DeleteStackCommand({ StackName: stackId }))
}
