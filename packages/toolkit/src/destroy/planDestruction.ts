import { LambdaClient } from '@aws-sdk/client-lambda'
import { InputError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import * as DeletionWindow from '../aws/DeletionWindow.js'
import { partitionOf } from '../aws/partitionOf.js'
import { seen } from '../aws/peek.js'
import * as RpcEndpoint from '../deploy/RpcEndpoint.js'
import type { Account } from '../stack/findParts.js'
import { readAddress } from '../stack/readAddress.js'
import { readKeyState } from '../stack/readKeyState.js'
import {
  allowedBy,
  environments,
  isRetained,
  pinOf,
  settingsOf,
} from '../stack/Template.js'
import { type Chain, checkFunds } from './checkFunds.js'
import type { DestroyRequest } from './DestroyRequest.js'
import { dropMissing } from './dropMissing.js'
import { findLeftovers, givenTables } from './findLeftovers.js'
import { type Fate, fatesOf, type Remains } from './findRemains.js'
import type { Holder, Plan, PlannedKey } from './Plan.js'
import { planSafe } from './planSafe.js'

/**
 * Determines everything that `destroy` would do, and the accounts' funds.
 *
 * @throws InputError
 */
export async function planDestruction(
  connection: AwsConnection,
  breakGlass: AwsConnection | undefined,
  remains: Remains,
  request: DestroyRequest,
): Promise<Plan> {
  const { stack, parts } = remains
  const [first, ...others] = parts.accounts
  const plan = (account: Account) =>
    planKey(connection, breakGlass, remains, { account, request })
  const planned = [
    await plan(first),
    ...(await Promise.all(others.map(plan))),
  ] as const
  const [{ key }, ...more] = planned
  const goneKeys = planned.flatMap(({ key: { arn, fate } }) =>
    fate === 'gone' ? [arn] : [],
  )
  const leftovers = await findLeftovers(connection, stack.name, stack.resources)
  return {
    stack: stack.name,
    status: stack.status,
    fates: [
      ...(await dropMissing(connection, remains, [
        ...fatesOf(remains, { keepLogs: request.keepLogs, goneKeys }),
        ...leftovers,
        ...givenTables(settingsOf(remains.template), leftovers),
      ])),
      ...ownParameter(connection, remains),
    ],
    keys: [key, ...more.map(({ key }) => key)],
    windowDays: request.windowDays,
    breakGlass: allowedBy(remains.template ?? {}, 'kms:ScheduleKeyDeletion'),
    deletesMaterial: request.deleteImportedMaterial,
    holders: [
      ...planned.map(({ holder }) => holder),
      ...(await planSafe(
        remains,
        planned.map(({ holder }) => holder),
        chainsOf(remains, request),
        request,
      )),
    ],
  }
}

async function planKey(
  connection: AwsConnection,
  breakGlass: AwsConnection | undefined,
  remains: Remains,
  { account, request }: { account: Account; request: DestroyRequest },
): Promise<{ key: PlannedKey; holder: Holder }> {
  const { role } = account
  const { stack, template } = remains
  const arn = arnOf(connection, stack.outputs.KeyArn ?? account.key)
  const own = await readKeyState(connection.kms, arn)
  const found =
    own.hidden && breakGlass ? await readKeyState(breakGlass.kms, arn) : own
  const state = seen(found)
  if (request.deleteImportedMaterial && found.hidden)
    throw new InputError(
      'You have no permission to see whether the key has imported material.',
      {
        details: `Nothing was done. --delete-imported-material needs kms:DescribeKey on ${arn}. Pass --break-glass-profile with a profile that has this permission, or leave out --delete-imported-material.`,
      },
    )
  if (request.deleteImportedMaterial && state?.origin === 'AWS_KMS')
    throw new InputError('The key has no imported material to delete.', {
      details: 'KMS generated the key. Leave out --delete-imported-material.',
    })
  const planned = keyFate(remains, account)
  const isMissing = !found.hidden && found.value === undefined
  const fate = isMissing ? 'gone' : planned
  if (fate === 'schedule' && state?.state !== 'PendingDeletion')
    await assertWindow(connection, remains, arn, request)
  const pin = template && pinOf(template, role)
  const lambda = connection.open(LambdaClient)
  const names = account.functions.map(({ name }) => name)
  const functions = remains.gone ? [] : names
  const asked = await readAddress(connection.kms, lambda, arn, functions)
  // If the pin were wrong, this would check another account.
  const mispinned = asked.address === undefined && asked.mispinned
  const address = asked.address ?? (mispinned ? undefined : pin)
  // If the key stays, or is already deleted or being deleted, this command
  // doesn't put any funds at risk.
  const atRisk =
    !['keep', 'gone'].includes(fate) && state?.state !== 'PendingDeletion'
  const isChecked = atRisk && !request.withoutBalanceCheck
  const known = isChecked && address !== undefined
  return {
    key: { role, arn, state, fate },
    holder: {
      ...{ role, address },
      unknown: 'reason' in asked ? asked.reason : undefined,
      chains: known
        ? await checkFunds(address, chainsOf(remains, request), request.tokens)
        : isChecked
          ? []
          : undefined,
    },
  }
}

/**
 * Checked before anything is deleted. A caller who isn't allowed to read the
 * key's policy relies on the template.
 *
 * @throws InputError
 */
async function assertWindow(
  { kms }: AwsConnection,
  { template }: Remains,
  arn: string,
  { windowDays: days }: DestroyRequest,
): Promise<void> {
  if (days === DeletionWindow.longestDays) return
  const { minimumDeletionWindowDays = DeletionWindow.longestDays } =
    settingsOf(template)
  const deployed = template && Number(minimumDeletionWindowDays)
  const minimum = (await DeletionWindow.readMinimum(kms, arn)) ?? deployed
  DeletionWindow.assertAllowed(arn, { flag: '--window-days', days }, minimum)
}

/**
 * Finds the parameter that `deploy --rpc-url -` created, which is not a
 * resource of the stack.
 */
function ownParameter(
  connection: AwsConnection,
  { stack, template }: Remains,
): Fate[] {
  const own = RpcEndpoint.parameterArn(connection, stack.name)
  if (settingsOf(template).rpcUrl !== own) return []
  const id = RpcEndpoint.parameterName(stack.name)
  return [{ type: parameterType, id, fate: 'remove' }]
}

/** The type name that CloudFormation uses. */
export const parameterType = 'AWS::SSM::Parameter'

function chainsOf(
  { template }: Remains,
  { urls, alsoNetworks }: DestroyRequest,
): Chain[] {
  const network = [...environments(template ?? {}).values()].find(
    ({ ETH_NETWORK }) => ETH_NETWORK !== undefined,
  )?.ETH_NETWORK
  return [
    ...(typeof network === 'string' ? [{ network, urls }] : []),
    ...alsoNetworks,
  ]
}

function keyFate(
  { stack, template, parts }: Remains,
  account: Account,
): PlannedKey['fate'] {
  if (!parts.ownKey) return 'keep'
  const key = stack.resources.find(
    ({ type, physicalId }) =>
      type === 'AWS::KMS::Key' &&
      (account.role === undefined || physicalId === account.key),
  )
  const retained =
    template === undefined || isRetained(template, key?.logicalId ?? '')
  return retained ? 'schedule' : 'with-stack'
}

function arnOf({ account, region }: AwsConnection, key: string): string {
  if (key.startsWith('arn:')) return key
  const id = key.startsWith('alias/') ? key : `key/${key}`
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${id}`
}
