import {
  account,
  router,
  seconds,
  thief,
  typed,
  usdc,
} from '../templateCases.js'
import {
  type Attacks,
  lookalike,
  never,
  permit2,
  world,
  zero,
} from './Attack.js'

const soon = seconds + 600
const late = seconds + 3601
const details =
  'PermitDetails: address token, uint160 amount, uint48 expiration, uint48 nonce'
const detail = (more: object = {}) => ({
  ...{ token: usdc, amount: '1', expiration: soon, nonce: 0, ...more },
})
const single = (more: object = {}, of: object = {}, contract = permit2) =>
  typed(
    `PermitSingle: PermitDetails details, address spender, uint256 sigDeadline / ${details}`,
    contract,
    { details: detail(of), spender: router, sigDeadline: soon, ...more },
  )
const many = (second: object = {}, more: object = {}) =>
  typed(
    `PermitBatch: PermitDetails[] details, address spender, uint256 sigDeadline / ${details}`,
    permit2,
    {
      details: [detail({ amount: '60' }), detail(second)],
      ...{ spender: router, sigDeadline: soon, ...more },
    },
  )
const permissions = 'TokenPermissions: address token, uint256 amount'
const once = (more: object = {}, of: object = {}) =>
  typed(
    `PermitTransferFrom: TokenPermissions permitted, address spender, uint256 nonce, uint256 deadline / ${permissions}`,
    permit2,
    {
      permitted: { token: usdc, amount: '1', ...of },
      ...{ spender: router, nonce: '0', deadline: soon, ...more },
    },
  )
const onceMany = (second: object = {}) =>
  typed(
    `PermitBatchTransferFrom: TokenPermissions[] permitted, address spender, uint256 nonce, uint256 deadline / ${permissions}`,
    permit2,
    {
      permitted: [
        { token: usdc, amount: '60' },
        { token: usdc, amount: '1', ...second },
      ],
      ...{ spender: router, nonce: '0', deadline: soon },
    },
  )
const witness = (
  more: object = {},
  said: object = {},
  types = `Swap: address recipient, uint256 least / ${permissions}`,
  type = 'Swap',
) =>
  typed(
    `PermitWitnessTransferFrom: TokenPermissions permitted, address spender, uint256 nonce, uint256 deadline, ${type} witness / ${types}`,
    permit2,
    {
      permitted: { token: usdc, amount: '1' },
      ...{ spender: router, nonce: '0', deadline: soon },
      ...{ witness: { recipient: account, least: '1', ...said }, ...more },
    },
  )

/** Approvals and transfers by Permit2 that are signed. */
export const permit2Messages: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'witness', chains: [1], recipients: [router] },
        typedData: {
          ...{ kinds: ['PermitWitnessTransferFrom'], contracts: [permit2] },
          args: { 'witness.recipient': { in: [account] } },
        },
      },
      {
        ...{ id: 'permit2', chains: [1], recipients: [router] },
        typedData: {
          kinds: [
            'PermitSingle',
            'PermitBatch',
            'PermitTransferFrom',
            'PermitBatchTransferFrom',
          ],
          contracts: [permit2],
        },
        maxPerRequest: { USDC: '100' },
      },
    ],
  },
  attacks: [
    [
      'Permit2 for a thief',
      'rules[permit2].recipients',
      single({ spender: thief }),
      single(),
    ],
    [
      'Permit2 for a look-alike',
      'rules[permit2].recipients',
      single({ spender: lookalike }),
      single(),
    ],
    [
      'Permit2 without end',
      'rules[permit2].dangers',
      single({}, { amount: `${2n ** 160n - 1n}` }),
      single(),
    ],
    [
      'Permit2 that waits',
      'rules[permit2].maxValidity',
      single({ sigDeadline: late }),
      single(),
    ],
    [
      'Permit2 that lasts',
      'rules[permit2].maxValidity',
      single({}, { expiration: `${2n ** 48n - 1n}` }),
      single(),
    ],
    [
      'Permit2 of an unnamed token',
      'rules[permit2].spends',
      single({}, { token: thief }),
      single(),
    ],
    ['another Permit2', 'typedData.contracts', single({}, {}, thief), single()],
    [
      'a batch for a thief',
      'rules[permit2].recipients',
      many({}, { spender: thief }),
      many(),
    ],
    [
      'a batch of too much',
      'rules[permit2].maxPerRequest.USDC',
      many({ amount: '41' }),
      many({ amount: '40' }),
    ],
    [
      'a batch with an unnamed token',
      'rules[permit2].spends',
      many({ token: thief }),
      many(),
    ],
    [
      'a batch with one that lasts',
      'rules[permit2].maxValidity',
      many({ expiration: late }),
      many(),
    ],
    [
      'a batch with one without end',
      'rules[permit2].dangers',
      many({ amount: `${2n ** 160n - 1n}` }),
      many(),
    ],
    [
      'a transfer for a thief',
      'rules[permit2].recipients',
      once({ spender: thief }),
      once(),
    ],
    [
      'a transfer that waits',
      'rules[permit2].maxValidity',
      once({ deadline: `${never}` }),
      once(),
    ],
    [
      'a transfer of an unnamed token',
      'rules[permit2].spends',
      once({}, { token: zero }),
      once(),
    ],
    [
      'transfers of too much',
      'rules[permit2].maxPerRequest.USDC',
      onceMany({ amount: '41' }),
      onceMany({ amount: '40' }),
    ],
    [
      'what is bought goes to a thief',
      'args.witness.recipient',
      witness({}, { recipient: thief }),
      witness(),
    ],
    [
      'a witness for another spender',
      'rules[witness].recipients',
      witness({ spender: thief }),
      witness(),
    ],
    [
      'a witness with other permissions',
      'rules[witness].typedData.kinds',
      witness(
        { permitted: { token: usdc, amount: '1', fee: '9' } },
        {},
        'Swap: address recipient, uint256 least / TokenPermissions: address token, uint256 amount, uint256 fee',
      ),
      witness(),
    ],
    [
      'a list of witnesses',
      'rules[witness].typedData.kinds',
      witness(
        { witness: [{ recipient: account, least: '1' }] },
        {},
        undefined,
        'Swap[]',
      ),
      witness(),
    ],
  ],
}
