import {
  account,
  acme,
  authorization,
  permit,
  router,
  seconds,
  thief,
  typed,
  usdc,
  weth,
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
type Typed = ReturnType<typeof typed>
/** With another domain. */
const on = (
  { kind, typedData }: Typed,
  domain: Readonly<Record<string, unknown>>,
) => ({
  kind,
  typedData: {
    ...typedData,
    domain,
    types: {
      ...typedData.types,
      EIP712Domain: typedData.types.EIP712Domain?.filter(
        ({ name = '' }) => name in domain,
      ),
    },
  },
})
const dai = (allowed: boolean, expiry = soon) =>
  typed(
    'Permit: address holder, address spender, uint256 nonce, uint256 expiry, bool allowed',
    weth,
    { holder: account, spender: router, nonce: '0', expiry, allowed },
  )
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

/** Approvals and transfers that are signed. */
export const permits: Attacks = {
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
        ...{ id: 'permit', chains: [1], recipients: [router] },
        typedData: { kinds: ['Permit'], contracts: ['USDC'] },
        maxPerRequest: { USDC: '100' },
      },
      {
        ...{ id: 'dai', chains: [1], recipients: [router] },
        typedData: { kinds: ['Permit:dai'], contracts: ['WETH'] },
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
      {
        ...{ id: 'authorize', chains: [1], recipients: ['payees'] },
        typedData: {
          kinds: ['TransferWithAuthorization'],
          contracts: ['USDC'],
        },
        maxPerRequest: { USDC: '1000000' },
      },
    ],
  },
  attacks: [
    [
      'a permit for a thief',
      'rules[permit].recipients',
      permit(thief, 1n, soon),
      permit(router, 1n, soon),
    ],
    [
      'a permit of too much',
      'rules[permit].maxPerRequest.USDC',
      permit(router, 101n, soon),
      permit(router, 100n, soon),
    ],
    [
      'a permit without end',
      'rules[permit].dangers',
      permit(router, never, soon),
      permit(router, 1n, soon),
    ],
    [
      'a permit that waits',
      'rules[permit].maxValidity',
      permit(router, 1n, late),
      permit(router, 1n, late - 1),
    ],
    [
      'a permit on another chain',
      'rules[permit].chains',
      on(permit(router, 1n, soon), { chainId: 10, verifyingContract: usdc }),
      permit(router, 1n, soon),
    ],
    [
      'a permit on every chain',
      'typedData.without',
      on(permit(router, 1n, soon), { verifyingContract: usdc }),
      permit(router, 1n, soon),
    ],
    [
      'a permit of every token',
      'typedData.without',
      on(permit(router, 1n, soon), { chainId: 1 }),
      permit(router, 1n, soon),
    ],
    [
      'a permit of another token',
      'typedData.contracts',
      on(permit(router, 1n, soon), { chainId: 1, verifyingContract: weth }),
      permit(router, 1n, soon),
    ],
    [
      'a permit of another type',
      'rules[permit].typedData.kinds',
      typed(
        'Permit: address spender, uint256 tokenId, uint256 nonce, uint256 deadline',
        usdc,
        { spender: router, tokenId: '1', nonce: '0', deadline: soon },
      ),
      permit(router, 1n, soon),
    ],
    [
      'a permit with its fields in another order',
      'rules[permit].typedData.kinds',
      typed(
        'Permit: address spender, address owner, uint256 value, uint256 nonce, uint256 deadline',
        usdc,
        {
          owner: account,
          spender: router,
          value: '1',
          nonce: '0',
          deadline: soon,
        },
      ),
      permit(router, 1n, soon),
    ],
    ['all of a token like DAI', 'rules[dai].dangers', dai(true), dai(false)],
    [
      'a token like DAI for ever',
      'rules[dai].maxValidity',
      dai(false, 0),
      dai(false),
    ],
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
    [
      'an authorization for a thief',
      'rules[authorize].recipients',
      authorization({ to: thief }),
      authorization({}),
    ],
    [
      'an authorization for a look-alike',
      'rules[authorize].recipients',
      authorization({ to: lookalike }),
      authorization({}),
    ],
    [
      'an authorization of too much',
      'rules[authorize].maxPerRequest.USDC',
      authorization({ value: '1000001' }),
      authorization({}),
    ],
    [
      'an authorization that waits',
      'rules[authorize].maxValidity',
      authorization({ validBefore: late }),
      authorization({}),
    ],
    [
      'an authorization of another token',
      'typedData.contracts',
      authorization({}, weth),
      authorization({ to: acme }),
    ],
  ],
}
