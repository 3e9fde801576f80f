import { LambdaClient } from '@aws-sdk/client-lambda'
import { InputError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { partitionOf } from '../aws/partitionOf.js'
import { seen } from '../aws/peek.js'
import * as RpcEndpoint from '../deploy/RpcEndpoint.js'
import { readAddress } from '../stack/readAddress.js'
import { readKeyState } from '../stack/readKeyState.js'
import {
  environments,
  isRetained,
  pinOf,
  settingsOf,
} from '../stack/Template.js'
import { type Chain, checkFunds } from './checkFunds.js'
import type { DestroyRequest } from './DestroyRequest.js'
import { type Fate, fatesOf, type Remains } from './findRemains.js'
import type { Plan } from './Plan.js'

/**
 * What the Safe of a multisig holds is not looked at, nor more than one account;
 * and without its owners' keys a Safe is locked for ever.
 */
function assertOneKey({ stack, parts }: Remains): void {
  const count = parts.otherKeys.length + 1
  if (count === 1) return
  throw new InputError(
    `${stack.name} has ${count} keys, and keyward destroy looks after one account.`,
    {
      details:
        "Nothing was deleted. Move what the Safe and the relayer hold first; then delete the stack with cdk destroy, which keeps the keys and tables, and schedule each key's deletion by itself.",
    },
  )
}

/**
 * Finds out all that a destruction would do, and what the account has.
 *
 * @throws InputError
 */
export async function planDestruction(
  connection: AwsConnection,
  breakGlass: AwsConnection | undefined,
  remains: Remains,
  request: DestroyRequest,
): Promise<Plan> {
  const { stack, template, parts } = remains
  assertOneKey(remains)
  const arn = arnOf(connection, stack.outputs.KeyArn ?? parts.key)
  const state =
    seen(await readKeyState(connection.kms, arn)) ??
    (breakGlass && seen(await readKeyState(breakGlass.kms, arn)))
  if (request.deleteImportedMaterial && state?.origin === 'AWS_KMS')
    throw new InputError('The key has no imported material to delete.', {
      details: 'KMS made it itself. Leave --delete-imported-material out.',
    })
  const fate = keyFate(remains)
  const pin = template && pinOf(template)
  const lambda = connection.open(LambdaClient)
  const functions = remains.gone ? [] : parts.functions.map(({ name }) => name)
  const asked = await readAddress(connection.kms, lambda, arn, functions)
  // A pin that is another account's would have us look at the wrong one.
  const mispinned = asked.address === undefined && asked.mispinned
  const address = asked.address ?? (mispinned ? undefined : pin)
  // A key that goes already, or stays, loses nothing by this command.
  const atRisk = fate !== 'keep' && state?.state !== 'PendingDeletion'
  const isChecked = atRisk && !request.withoutBalanceCheck
  const known = isChecked && address !== undefined
  return {
    stack: stack.name,
    status: stack.status,
    fates: [
      ...fatesOf(remains, request.keepLogs),
      ...ownParameter(connection, remains),
    ],
    key: { arn, state, fate },
    windowDays: request.windowDays,
    address,
    unknown: 'reason' in asked ? asked.reason : undefined,
    chains: known
      ? await checkFunds(address, chainsOf(remains, request), request.tokens)
      : isChecked
        ? []
        : undefined,
  }
}

/** What `deploy --rpc-url -` wrote is no resource of the stack. */
function ownParameter(
  connection: AwsConnection,
  { stack, template }: Remains,
): Fate[] {
  const own = RpcEndpoint.parameterArn(connection, stack.name)
  if (settingsOf(template).rpcUrl !== own) return []
  const id = RpcEndpoint.parameterName(stack.name)
  return [{ type: parameterType, id, fate: 'remove' }]
}

/** As CloudFormation would call it. */
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

function keyFate({ stack, template, parts }: Remains): Plan['key']['fate'] {
  if (!parts.ownKey) return 'keep'
  const key = stack.resources.find(({ type }) => type === 'AWS::KMS::Key')
  const retained =
    template === undefined || isRetained(template, key?.logicalId ?? '')
  return retained ? 'schedule' : 'with-stack'
}

function arnOf({ account, region }: AwsConnection, key: string): string {
  if (key.startsWith('arn:')) return key
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${key}`
}
