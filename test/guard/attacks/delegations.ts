import { account, acme, send, thief, usdc } from '../templateCases.js'
import { type Attacks, transfer, vault, world } from './Attack.js'

const delegate = (address: string, chainId = 1) => ({
  kind: 'authorization',
  authorization: { chainId, address, nonce: '0' },
})
const signed = (address: string) => ({
  ...{ chainId: 1, address, nonce: 0, yParity: 0 },
  ...{ r: `0x${'11'.repeat(32)}`, s: `0x${'22'.repeat(32)}` },
})
const pay = (more: object) => send(usdc, transfer(acme, 1n), 0n, more)
const nearly = `0x7a${'7a'.repeat(8)}00${'7a'.repeat(10)}`

/** Accounts that hand themselves over (EIP-7702). */
export const delegations: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'delegate', chains: [1], accounts: [account] },
        authorization: { delegates: [vault] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
        types: ['eip1559'],
      },
    ],
  },
  attacks: [
    [
      'another delegate',
      'authorization.delegates',
      delegate(thief),
      delegate(vault),
    ],
    [
      'a delegate like the own',
      'authorization.delegates',
      delegate(nearly),
      delegate(vault),
    ],
    [
      'a delegation on every chain',
      'rules[delegate].chains',
      delegate(vault, 0),
      delegate(vault),
    ],
    [
      'a delegation on another chain',
      'rules[delegate].chains',
      delegate(vault, 10),
      delegate(vault),
    ],
    [
      'a delegation beside a payment',
      'rules[pay].types',
      pay({ authorizationList: [signed(vault)] }),
      pay({}),
    ],
    [
      'blobs beside a payment',
      'rules[pay].types',
      pay({
        maxFeePerBlobGas: '1',
        blobVersionedHashes: [`0x01${'00'.repeat(31)}`],
      }),
      pay({}),
    ],
    [
      'a payment without a fee cap',
      'rules[pay].types',
      pay({ gasPrice: '1' }),
      pay({}),
    ],
  ],
}
