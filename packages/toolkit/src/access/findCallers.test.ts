import { expect, test } from 'vitest'
import type { Parts } from '../stack/findParts.js'
import { callersText, findCallers } from './findCallers.js'

const role = 'arn:aws:iam::123456789012:role/payouts'

/** A stack with a permission for each alias, and this environment. */
function partsOf(
  permissions: readonly (readonly [principal: string, alias: string])[],
  Variables: Record<string, string>,
): Parts {
  const lambda = 'AWS::Lambda::'
  const permit = ([Principal, alias]: readonly [string, string]) => ({
    Type: `${lambda}Permission`,
    Properties: { FunctionName: { Ref: alias }, Principal },
  })
  const stack = {
    resources: permissions.map(([, logicalId]) => ({
      ...{ logicalId, type: `${lambda}Alias`, status: 'CREATE_COMPLETE' },
      physicalId: `arn:aws:lambda:eu-west-1:123456789012:function:${logicalId}`,
    })),
  }
  const Properties = { Environment: { Variables } }
  const Resources = {
    ...{ Fn: { Type: `${lambda}Function`, Properties } },
    ...Object.fromEntries(
      permissions.map((one, at) => [`P${at}`, permit(one)]),
    ),
  }
  return { stack, template: { Resources } } as unknown as Parts
}

test('the principals, each with the aliases that it can invoke', () => {
  const parts = partsOf(
    [
      [role, 'pay-sender:payouts'],
      [role, 'pay-legacy-signer:payouts'],
      ['events.amazonaws.com', 'pay-reconciler:clock'],
    ],
    { ETH_NETWORK: 'local', KEYWARD_CALLERS: 'payouts' },
  )
  const callers = findCallers(parts)
  expect(callers?.rows).toEqual([
    {
      ...{ principal: role, alias: 'payouts' },
      functions: ['pay-sender', 'pay-legacy-signer'],
    },
    {
      ...{ principal: 'events.amazonaws.com', alias: 'clock' },
      functions: ['pay-reconciler'],
    },
  ])
  expect(callers && callersText('pay', callers)).toBe(
    `Who can invoke the functions of pay, through which alias:
${role}
  payouts: pay-sender, pay-legacy-signer
events.amazonaws.com
  clock: pay-reconciler
An IAM policy that allows lambda:InvokeFunction on an alias admits its principal too.`,
  )
})

test.each([
  [{ ETH_NETWORK: 'local' }, true],
  [{ ETH_NETWORK: 'sepolia', KEYWARD_ANY_CALLER: 'true' }, true],
  [{ ETH_NETWORK: 'sepolia' }, false],
])('%j without callers: everyone %s', (variables, anyone) => {
  expect(findCallers(partsOf([], variables))).toEqual({ rows: [], anyone })
})

test('nothing, if the template is not visible', () => {
  const parts = { ...partsOf([], {}), template: undefined }
  expect(findCallers(parts)).toBeUndefined()
})
