import type { TypedData } from '@keyward/core'
import { describe, expect, test } from 'vitest'
import { type Danger, names, type Rules } from '../danger/Danger.js'
import type { Preimage } from '../SafeMessage.js'
import { findMessageDangers } from './findMessageDangers.js'
import { readMeaning } from './readMeaning.js'

const safe = `0x${'5a'.repeat(20)}` as const
const token = `0x${'aa'.repeat(20)}` as const
const other = `0x${'bb'.repeat(20)}` as const
const domain = { chainId: 1, safe }
const open = (...open: Danger[]): Rules => ({ open })
const all: Rules = { open: names, openCalls: [token, other] }

function dangersOf(preimage: Preimage, rules: Rules): string[] {
  const meaning = readMeaning(preimage, safe)
  const facts = { supplyOf: () => 1000n, now: Date.UTC(2026, 6) }
  return findMessageDangers(meaning, domain, facts, rules).map(
    ({ danger, text }) => `${danger}: ${text}`,
  )
}

const permit = (
  value: bigint,
  more: object = {},
): { typedData: TypedData.TypedData } => ({
  typedData: {
    domain: { chainId: 1n, verifyingContract: token, ...more },
    types: {
      Permit: [
        ...['owner', 'spender'].map((name) => ({ name, type: 'address' })),
        ...['value', 'nonce', 'deadline'].map((name) => ({
          ...{ name, type: 'uint256' },
        })),
      ],
    },
    primaryType: 'Permit',
    message: { owner: safe, spender: other, value, nonce: 0n, deadline: 9n },
  },
})
const typed = (primaryType: string, domain: object) => ({
  typedData: {
    ...{ domain: domain as never, primaryType, message: { choice: 1n } },
    types: { [primaryType]: [{ name: 'choice', type: 'uint256' }] },
  },
})
/** Of a type in words: `Mail(Person to)Person(string name)`. */
const ofType = (encodeType: string, given: object = here) => {
  const types = Object.fromEntries(
    [...encodeType.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name, members]) => [
      name as string,
      (members ?? '').split(',').map((member) => {
        const [type = '', name = ''] = member.split(' ')
        return { name, type }
      }),
    ]),
  )
  const make = (type: string): unknown => {
    if (type.endsWith(']')) return [make(type.replace(/\[\d*\]$/, ''))]
    const members = types[type]
    if (members !== undefined)
      return Object.fromEntries(
        members.map((one) => [one.name, make(one.type)]),
      )
    if (type === 'address') return other
    if (type === 'bool') return true
    if (type === 'string') return 'text'
    const size = /^bytes(\d*)$/.exec(type)?.[1]
    return size === undefined ? 1n : `0x${'12'.repeat(Number(size || 3))}`
  }
  const primaryType = /^\w+/.exec(encodeType)?.[0] ?? ''
  const message = make(primaryType) as Record<string, unknown>
  return { typedData: { domain: given as never, types, primaryType, message } }
}
const order = (more: object) => ({
  typedData: {
    domain: { chainId: 1n, verifyingContract: other },
    primaryType: 'LimitOrder',
    types: {
      LimitOrder: [
        ...['makerToken', 'takerToken'].map((name) => [name, 'address']),
        ...[...['makerAmount', 'takerAmount', 'takerTokenFeeAmount']].map(
          (name) => [name, 'uint128'],
        ),
        ...['maker', 'taker', 'sender', 'feeRecipient'].map((name) => [
          ...[name, 'address'],
        ]),
        ...[
          ['pool', 'bytes32'],
          ['expiry', 'uint64'],
          ['salt', 'uint256'],
        ],
      ].map(([name = '', type = '']) => ({ name, type })),
    },
    message: {
      ...{ makerToken: token, takerToken: other, makerAmount: 999n },
      ...{ takerAmount: 5n, takerTokenFeeAmount: 0n, maker: safe },
      ...{ taker: other, sender: other, feeRecipient: other, salt: 0n },
      ...{ pool: `0x${'00'.repeat(32)}`, expiry: 9n, ...more },
    },
  },
})
const here = { chainId: 1n, verifyingContract: token }
const signIn = (address: string, more: Partial<typeof site> = {}) => {
  const { host, statement, chain, end } = { ...site, ...more }
  return {
    message: `${host} wants you to sign in with your Ethereum account:\n${address}\n\n${statement}\nURI: https://a.example\nVersion: 1\nChain ID: ${chain}\nNonce: abcdefgh\nIssued At: 2026-01-01T00:00:00Z${end}`,
  }
}
const expiration = (month: number) =>
  `\nExpiration Time: 2026-0${month}-01T00:00:00Z`
const site = { host: 'a.example', statement: '', chain: '1', end: '' }
const checksummed = '0x5a5A5a5a5A5a5a5a5a5A5a5A5A5a5a5A5A5A5A5A'

describe('naming it allows a message, but not its other dangers', () => {
  test.each<[string, Preimage, string[]]>([
    ['a text', { message: 'hello' }, []],
    ['a sign-in of the Safe', signIn(checksummed), []],
    ['a permit', permit(999n), []],
    [
      'a permit of all there is',
      permit(1000n),
      [`unlimited-approval: Permit lets others take all of ${token}`],
    ],
    ['an order', order({}), []],
    [
      'an order for nothing',
      order({ takerAmount: 0n }),
      ['order-for-nothing: the order sells something for nothing'],
    ],
    [
      'an order for somebody else',
      order({ maker: other }),
      [`balance: the bought asset goes to ${other}, not to the Safe`],
    ],
    ...(
      [
        ['in lower case', {}, safe],
        ['with a statement', { statement: 'I accept: (1) all #terms?\n' }],
        ['at a port', { host: 'https://a-b.example:8080' }],
        ['at an address', { host: '[::1]:80' }],
        ['with resources', { end: '\nResources:\n- ipfs://a\n- ipfs://b' }],
        ['until later', { end: expiration(8) }],
        ['from before', { end: '\nNot Before: 2026-06-01T00:00:00Z' }],
      ] as const
    ).map(([name, more, address = checksummed]) => {
      const row: [string, Preimage, string[]] = [
        `a sign-in ${name}`,
        signIn(address, more),
        [],
      ]
      return row
    }),
    [
      'a type that nobody knows',
      typed('Vote', here),
      [
        `unknown-message: typed data of the unknown type Vote(uint256 choice) for ${token}`,
      ],
    ],
    [
      'a domain without a chain',
      typed('Vote', { verifyingContract: token }),
      [
        'unknown-message: the domain names no chain, so the signature is valid on all chains',
        `unknown-message: typed data of the unknown type Vote(uint256 choice) for ${token}`,
      ],
    ],
  ])('%s', (_, preimage, left) => {
    expect(dangersOf(preimage, {})).toEqual([
      expect.stringMatching(/^safe-message: /),
      ...left,
    ])
    expect(dangersOf(preimage, open('safe-message'))).toEqual(left)
    expect(dangersOf(preimage, all)).toEqual([])
  })
})

test('an unknown type is allowed by its contract if its domain names a chain', () => {
  const rules = { ...open('safe-message'), openCalls: [token] }
  expect(dangersOf(typed('Vote', here), rules)).toEqual([])
  expect(
    dangersOf(typed('Vote', { verifyingContract: token }), rules),
  ).toHaveLength(2)
})

describe('an unknown type has at least the dangers of a known one', () => {
  const permitted = 'TokenPermissions(address token,uint256 amount)'
  test.each<[string, string[]]>([
    // Permit2 accepts a witness with any name.
    [
      `PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Act mine)Act(uint256 much)${permitted}`,
      ['unlimited-approval'],
    ],
    [
      `PermitBatchWitnessTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline,Act[] witness)Act(uint256 much)${permitted}`,
      ['unlimited-approval'],
    ],
    // EIP-4494, and other permits.
    [
      'Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)',
      ['unlimited-approval'],
    ],
    [
      'Permit(address owner,address spender,uint256 value,uint256 deadline,uint256 nonce)',
      ['unlimited-approval'],
    ],
    [
      'PermitForAll(address owner,address operator,bool approved,uint256 nonce,uint256 deadline)',
      ['unlimited-approval'],
    ],
    [
      'DelegationWithSig(address delegatee,uint256 value,uint256 nonce,uint256 deadline)',
      ['unlimited-approval'],
    ],
    [
      'Authorization(address owner,address manager,bool isAllowed,uint256 nonce,uint256 expiry)',
      ['unlimited-approval'],
    ],
    ['Outer(Inner inner)Inner(address spender)', ['unlimited-approval']],
    ['Listing(address seller,uint256 price)', ['balance']],
    ['OrderComponents(address offerer,uint256 counter)', ['balance']],
    ['Forward(address to,uint256 value,bytes data)', ['approve-hash']],
    ['Batch(address to,bytes[] calls)', ['approve-hash']],
    ['Agent(string source,bytes32 actionHash)', ['approve-hash']],
    ['Ballot(uint256 proposal,uint8 support,string reason)', []],
    // Snapshot.
    [
      'Vote(address from,string space,uint64 timestamp,bytes32 proposal,uint32 choice,string reason,string app,string metadata)',
      [],
    ],
    ['Ping(bytes32 nonce,bytes32 salt)', []],
    [
      'Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)',
      [],
    ],
    // By what it has, if no name tells.
    ['Give(address whom,uint256 wad)', ['unlimited-approval']],
    ['Stake(address owner,uint256 wad)', ['unlimited-approval']],
    [
      'Stake(Item[] items)Item(address pool,uint128 wad)',
      ['unlimited-approval'],
    ],
    ['Greet(address whom,uint32 times)', []],
    // The Compact, and others that move funds.
    [
      'Compact(address arbiter,address sponsor,uint256 nonce,uint256 expires,bytes12 lockTag,address token,uint256 amount)',
      ['unlimited-approval'],
    ],
    ['Send(address to,uint256 amount,uint256 nonce)', ['unlimited-approval']],
    [
      'Claim(address recipient,uint256 amount,uint256 nonce)',
      ['unlimited-approval'],
    ],
    [
      'Redeem(address receiver,uint256 shares,uint256 nonce)',
      ['unlimited-approval'],
    ],
    ['Borrow(address receiver,uint256 amount)', ['unlimited-approval']],
    ['Burn(uint256 tokenId,uint256 nonce)', ['unlimited-approval']],
    [
      'Payment(address payer,address payee,uint256 amount)',
      ['unlimited-approval'],
    ],
    [
      'ExecuteRecovery(address wallet,address[] newOwners,uint256 newThreshold,uint256 nonce)',
      ['ownership'],
    ],
    [
      'ChangeRecoveryAddress(uint256 fid,address from,address to)',
      ['ownership'],
    ],
    ['ChangeOwner(address newOwner,uint256 nonce)', ['ownership']],
    ['AddGuardian(address wallet,address guardian)', ['ownership']],
    ['SetController(address who,address controller,bool yes)', ['ownership']],
    ['SetDispatcher(uint256 profileId,address dispatcher)', ['ownership']],
    ['Upgrade(address implementation,uint256 nonce)', ['ownership']],
    // Hyperliquid, Sequence, Ambire.
    ['Agent(string source,bytes32 connectionId)', ['approve-hash']],
    ['Digest(bytes32 digest,address[] wallets)', ['approve-hash']],
    ['Message(bytes message,address[] wallets)', ['approve-hash']],
    ['AmbireOperation(address account,bytes32 hash)', ['approve-hash']],
    ['Wrap(bytes32 contents,uint256 salt)', ['approve-hash']],
    ['MetaTx(uint256 nonce,address from,bytes $f)', ['approve-hash']],
  ])('%s', (encodeType, left) => {
    const preimage = ofType(encodeType)
    const byContract = { ...open('safe-message'), openCalls: [token] }
    const names = (rules: Rules) =>
      dangersOf(preimage, rules).map((one) => one.split(':')[0])
    expect(names(byContract)).toEqual(left)
    expect(names(open('safe-message', 'unknown-message'))).toEqual(left)
    expect(names(all)).toEqual([])
  })
})

describe('a known kind without a contract is no quieter than an unknown one', () => {
  const eip2612 =
    'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)'
  const dai =
    'Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)'
  const transfer =
    'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)'
  test.each<[string, Preimage]>([
    ['Permit', ofType(eip2612, { chainId: 1n })],
    ['Permit:dai', ofType(dai, { chainId: 1n })],
    ['TransferWithAuthorization', ofType(transfer, { chainId: 1n })],
  ])('%s', (kind, preimage) => {
    expect(
      dangersOf(preimage, open('safe-message', 'unknown-message')),
    ).toEqual([
      `unlimited-approval: ${kind} could let others take an unknown amount of an unknown asset`,
    ])
    expect(dangersOf(preimage, all)).toEqual([])
  })
})

describe('the witness of a known kind is judged like an unknown type', () => {
  const permitted = 'TokenPermissions(address token,uint256 amount)'
  test.each<[string, string, string[]]>([
    ['Order', 'address recipient,uint256 minOut', ['balance']],
    ['Call', 'address target,bytes data', ['approve-hash']],
    ['Wrap', 'bytes32 hash', ['unknown-message', 'approve-hash']],
    ['Bridge', 'uint256 chain', []],
  ])('%s', (name, members, left) => {
    const structs = [`${name}(${members})`, permitted].sort().join('')
    const { typedData } = ofType(
      `PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,${name} witness)${structs}`,
    )
    expect(
      dangersOf({ typedData }, open('safe-message')).map(
        (one) => one.split(':')[0],
      ),
    ).toEqual(left)
  })
})

describe('nothing allows a message that speaks for another contract or is unreadable', () => {
  test.each<[string, Preimage]>([
    ['32 bytes in hex', { message: `0x${'ab'.repeat(32)}` }],
    ['EIP-712 bytes', { message: { raw: `0x1901${'ab'.repeat(64)}` } }],
    ['a transaction', { message: { raw: '0xc3010203' } }],
    ['bytes', { message: { raw: '0xfffe' } }],
    ...(
      [
        ['elsewhere', { chain: '10' }],
        [
          'of another account',
          {},
          '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB',
        ],
        ['of a wrong checksum', {}, checksummed.replace('5A', '5a')],
        ['with zeros before its chain', { chain: '01' }],
        ['with more behind', { end: '\nmore' }],
        ['with an end of line behind', { end: '\n' }],
        ['with two expirations', { end: expiration(8) + expiration(9) }],
        ['with an empty resource', { end: '\nResources:\n- ' }],
        ['with another line end', { statement: 'a\rURI: b\n' }],
        ['with a mark that ends lines', { statement: 'a\u2028URI: b\n' }],
        ['with a mark that turns text', { statement: 'a\u202eb\n' }],
        ['within a sign-in', { statement: 'b wants you to sign in\n' }],
        ['with two URIs', { statement: 'URI: https://b.example\n' }],
        ['with two nonces', { statement: 'Nonce: abcdefghi\n' }],
        ['at another than its host', { host: 'a.example@b.example' }],
        ['at a path', { host: 'a.example/b' }],
        ['at no host', { host: 'HTTPS://a.example' }],
        ['at no port', { host: 'a.example:' }],
        ['that is over', { end: expiration(7) }],
        ['that is to come', { end: '\nNot Before: 2026-08-01T00:00:00Z' }],
      ] as const
    ).map(([name, more, address = checksummed]): [string, Preimage] => [
      `a sign-in ${name}`,
      signIn(address, more),
    ]),
    [
      'a sign-in with the line ends of Windows',
      { message: signIn(checksummed).message.replaceAll('\n', '\r\n') },
    ],
    ["another chain's", permit(1n, { chainId: 10n })],
    [
      "the Safe's own domain",
      typed('Vote', { ...here, verifyingContract: safe }),
    ],
    ...[
      ...['SafeTx', 'SafeMessage', 'SafeOp', 'SafeInitOp', 'ModuleTx'],
      ...['PackedUserOperation', 'UserOperation', 'UserOp'],
      ...['PersonalSign', 'TypedDataSign', 'CoinbaseSmartWalletMessage'],
      ...['Kernel', 'LightAccountMessage', 'ReplaySafeHash'],
    ].map((name): [string, Preimage] => [name, typed(name, here)]),
    ...[
      ...['Any(bytes32 hash)', 'Any(bytes message)', 'Any(bytes32[] ids)'],
      ...['Wrapped(uint256 hash)', 'Wrapped(string hash)'],
      'Wrapped(bytes16 high,bytes16 low)',
      'Outer(string text,Any any)Any(bytes what)',
      'TypedDataSign(Vote contents,string name)Vote(uint256 choice)',
    ].map((type): [string, Preimage] => [type, ofType(type)]),
    [
      'a wrapper within another type',
      {
        typedData: {
          domain: here as never,
          primaryType: 'Outer',
          types: {
            Outer: [{ name: 'inner', type: 'SafeTx[]' }],
            SafeTx: [{ name: 'data', type: 'bytes' }],
          },
          message: { inner: [] },
        },
      },
    ],
  ])('%s', (_, preimage) => {
    expect(dangersOf(preimage, all)).toContainEqual(
      expect.stringMatching(/^unknown-message: .*; no setting can allow this$/),
    )
  })
})
