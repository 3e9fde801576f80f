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
import { type Attacks, asking, lookalike, never, world } from './Attack.js'

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
/** As somebody asks whose permits may have no end. */
const asTreasury = (request: object) => asking(request, { caller: 'treasury' })
const dai = (allowed: boolean, expiry = soon, spender: string = router) =>
  typed(
    'Permit: address holder, address spender, uint256 nonce, uint256 expiry, bool allowed',
    weth,
    { holder: account, spender, nonce: '0', expiry, allowed },
  )

/** Approvals and transfers that are signed. */
export const permits: Attacks = {
  policy: {
    ...world,
    rules: [
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
        ...{ id: 'for-ever', chains: [1], recipients: [router] },
        callers: ['treasury'],
        typedData: { kinds: ['Permit:dai', 'Permit'] },
        ...{ dangers: ['approval-for-all'], maxValidity: 'unlimited' },
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
      'all of a token like DAI for ever',
      'rules[dai].maxValidity',
      dai(true, 0),
      asTreasury(dai(true, 0)),
    ],
    [
      'all of a token like DAI for ever, for a thief',
      'rules[for-ever].recipients',
      asTreasury(dai(true, 0, thief)),
      asTreasury(dai(true, 0)),
    ],
    [
      'a permit that waits longer than others may sign',
      'rules[permit].maxValidity',
      permit(router, 1n, late),
      asTreasury(permit(router, 1n, late)),
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
