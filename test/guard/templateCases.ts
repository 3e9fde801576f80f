import { parsePolicy, readQuestion } from '@keyward/guard'
import { templates } from '@keyward/guard/authoring'
import { encodeFunctionData, type Hex, parseAbi } from 'viem'

// What templates are asked about: their addresses, and requests as applications
// make them.

export const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
export const acme = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
export const bob = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
export const bridge = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
export const portal = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65'
export const safe = '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc'
export const thief = '0xbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbd'
export const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
export const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
export const router = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45'
export const settlement = '0x9008D19f58AAbD9eD0D60971565AA8510560ab41'
export const vaultRelayer = '0xC92E8bdf79f0507f65a392b0ab4667716BFE0110'
export const multiSend = '0x9641d764fc13c8B624c04430C7356C1C7C8102e2'
const zero = '0x0000000000000000000000000000000000000000'

/** A Tuesday. */
const time = '2026-12-01T10:00:00.000Z'
export const seconds = Date.parse(time) / 1000

export const dollars = (count: number) => BigInt(Math.round(count * 1e6))
export const ether = (count: number) =>
  BigInt(Math.round(count * 1e9)) * 10n ** 9n

const abi = parseAbi([
  'struct Relay { address depositor; address recipient; address exclusiveRelayer; address inputToken; address outputToken; uint256 inputAmount; uint256 outputAmount; uint256 originChainId; uint32 depositId; uint32 fillDeadline; uint32 exclusivityDeadline; bytes message; }',
  'struct Withdrawal { uint256 nonce; address sender; address target; uint256 value; uint256 gasLimit; bytes data; }',
  'struct Swap { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
  'function transfer(address to, uint256 amount)',
  'function transferFrom(address from, address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function increaseAllowance(address spender, uint256 addedValue)',
  'function transferOwnership(address newOwner)',
  'function setApprovalForAll(address operator, bool approved)',
  'function fillV3Relay(Relay relayData, uint256 repaymentChainId)',
  'function finalizeWithdrawalTransaction(Withdrawal withdrawal)',
  'function exactInputSingle(Swap params)',
  'function multicall(uint256 deadline, bytes[] data)',
  'function multiSend(bytes transactions)',
  'function enableModule(address module)',
  'function deposit()',
  'function withdraw(uint256 amount)',
])

/** Calldata, as viem writes it. */
export function call(functionName: string, ...args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi, functionName, args } as never)
}

/** A transaction with ordinary fees. */
export function send(
  to: string | undefined,
  data: Hex = '0x',
  value = 0n,
  more: object = {},
) {
  return {
    kind: 'transaction',
    transaction: {
      ...{ chainId: 1, nonce: 7, gas: 120_000, to, data, value: `${value}` },
      ...('gasPrice' in more
        ? {}
        : {
            maxFeePerGas: '30000000000',
            maxPriorityFeePerGas: '1000000000',
          }),
      ...more,
    },
  }
}

const typesOf = (text: string) =>
  Object.fromEntries(
    text.split(' / ').map((one) => {
      const [name = '', fields = ''] = one.split(': ')
      return [
        name,
        fields.split(', ').map((field) => {
          const [type, label] = field.split(' ')
          return { type, name: label }
        }),
      ]
    }),
  )

const domainType = 'EIP712Domain: uint256 chainId, address verifyingContract'

/** Typed data of one struct. */
export function typed(
  struct: string,
  verifyingContract: string,
  message: object,
  chainId = 1,
) {
  const primaryType = struct.split(':')[0]
  return {
    kind: 'typedData',
    typedData: {
      types: typesOf(`${domainType} / ${struct}`),
      ...{ domain: { chainId, verifyingContract }, primaryType, message },
    },
  }
}

export const safeTx = (
  to: string,
  data: Hex = '0x',
  value = 0n,
  more: object = {},
  of: string = safe,
) =>
  typed(
    'SafeTx: address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce',
    of,
    {
      ...{ to, value: `${value}`, data, operation: 0, safeTxGas: '0' },
      ...{ baseGas: '0', gasPrice: '0', gasToken: zero },
      ...{ refundReceiver: zero, nonce: '3' },
      ...more,
    },
  )

export const order = (more: object, on: string = settlement, chain = 1) =>
  typed(
    'Order: address sellToken, address buyToken, address receiver, uint256 sellAmount, uint256 buyAmount, uint32 validTo, bytes32 appData, uint256 feeAmount, string kind, bool partiallyFillable, string sellTokenBalance, string buyTokenBalance',
    on,
    {
      ...{ sellToken: weth, buyToken: usdc, receiver: account },
      ...{ sellAmount: `${ether(1)}`, buyAmount: `${dollars(3000)}` },
      ...{ validTo: seconds + 1200, appData: `0x${'00'.repeat(32)}` },
      ...{ feeAmount: '0', kind: 'sell', partiallyFillable: false },
      ...{ sellTokenBalance: 'erc20', buyTokenBalance: 'erc20' },
      ...more,
    },
    chain,
  )

export const authorization = (more: object, on: string = usdc) =>
  typed(
    'TransferWithAuthorization: address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce',
    on,
    {
      ...{ from: account, to: acme, value: `${dollars(1)}`, validAfter: '0' },
      ...{ validBefore: seconds + 600, nonce: `0x${'07'.repeat(32)}` },
      ...more,
    },
  )

export const permit = (spender: string, value: bigint, deadline: number) =>
  typed(
    'Permit: address owner, address spender, uint256 value, uint256 nonce, uint256 deadline',
    usdc,
    { owner: account, spender, value: `${value}`, nonce: '0', deadline },
  )

export const signIn = (more: Readonly<Record<string, string>> = {}) => {
  const said = {
    ...{ domain: 'app.example.com', uri: 'https://app.example.com/login' },
    ...{ chain: '1', nonce: 'a1b2c3d4e5', expires: '2026-12-01T10:30:00Z' },
    ...more,
  }
  return {
    kind: 'message',
    message: `${said.domain} wants you to sign in with your Ethereum account:\n${account}\n\n\nURI: ${said.uri}\nVersion: 1\nChain ID: ${said.chain}\nNonce: ${said.nonce}\nIssued At: ${time}\nExpiration Time: ${said.expires}`,
  }
}

/** A batch of a Safe: packed parts. */
export const batch = (
  ...parts: readonly (readonly [to: string, value: bigint, data: Hex])[]
) =>
  call(
    'multiSend',
    `0x${parts
      .map(([to, value, data]) => {
        const bytes = data.slice(2)
        const word = (number: bigint) => number.toString(16).padStart(64, '0')
        return `00${to.slice(2)}${word(value)}${word(BigInt(bytes.length / 2))}${bytes}`
      })
      .join('')}`,
  )

export const fill = (more: object = {}, chain = 10) =>
  call(
    'fillV3Relay',
    {
      ...{ depositor: bob, recipient: bob, exclusiveRelayer: zero },
      ...{ inputToken: weth, outputToken: usdc, depositId: 42 },
      ...{ inputAmount: dollars(1000), outputAmount: dollars(999) },
      ...{ originChainId: 10n, fillDeadline: seconds + 3600 },
      ...{ exclusivityDeadline: 0, message: '0x', ...more },
    },
    BigInt(chain),
  )

export const withdrawal = (more: object = {}) =>
  call('finalizeWithdrawalTransaction', {
    ...{ nonce: 1n, sender: bob, target: bob, value: ether(3) },
    ...{ gasLimit: 100_000n, data: '0x', ...more },
  })

export const swap = (more: object = {}) =>
  call('exactInputSingle', {
    ...{ tokenIn: weth, tokenOut: usdc, fee: 500, recipient: account },
    ...{ amountIn: ether(1), amountOutMinimum: dollars(2900) },
    ...{ sqrtPriceLimitX96: 0n, ...more },
  })

type Name = keyof typeof templates

/** A template on mainnet, its examples left as they are. */
export function policyOf(name: Name) {
  const known = {
    USDC: { symbol: 'USDC', address: usdc, decimals: 6 },
    WETH: { symbol: 'WETH', address: weth, decimals: 18 },
  }
  const template = templates[name]
  const document = template.create({
    ...{ chain: 1, payees: [], callers: [name], mode: 'enforce' },
    tokens: template.tokens.map((symbol) => known[symbol as 'USDC']),
  })
  return parsePolicy(JSON.stringify(document))
}

export const ask = (request: unknown, caller: string, facts: object = {}) =>
  readQuestion({ request, caller, account, facts: { time, ...facts } }, 0)
