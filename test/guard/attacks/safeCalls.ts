import {
  acme,
  bob,
  ether,
  multiSend,
  safe,
  send,
  thief,
  usdc,
} from '../templateCases.js'
import {
  type Attacks,
  encode,
  multiSendOf,
  transfer,
  vault,
  world,
  zero,
} from './Attack.js'

const factory = `0x${'fa'.repeat(20)}`
const singleton = `0x${'51'.repeat(20)}`
const owner = `0x${'0c'.repeat(20)}`
const exec = (more: object = {}) => {
  const parameters = {
    ...{ to: usdc, value: 0n, data: transfer(acme, 1n), operation: 0 },
    ...{ safeTxGas: 0n, baseGas: 0n, gasPrice: 0n, gasToken: zero },
    ...{ refundReceiver: zero, signatures: '0x', ...more },
  }
  return send(
    safe,
    encode(
      'execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)',
      ...Object.values(parameters),
    ),
  )
}
const asModule = (to: string, data: string, operation = 0) =>
  send(
    safe,
    encode(
      'execTransactionFromModule(address to,uint256 value,bytes data,uint8 operation)',
      ...[to, 0n, data, operation],
    ),
  )
const setup = (more: object = {}) => {
  const parameters = {
    ...{ owners: [owner, acme], threshold: 2n, to: zero, data: '0x' },
    ...{ fallbackHandler: zero, paymentToken: zero, payment: 0n },
    ...{ paymentReceiver: zero, ...more },
  }
  return send(
    factory,
    encode(
      'createProxyWithNonce(address singleton,bytes initializer,uint256 saltNonce)',
      singleton,
      encode(
        'setup(address[] owners,uint256 threshold,address to,bytes data,address fallbackHandler,address paymentToken,uint256 payment,address paymentReceiver)',
        ...Object.values(parameters),
      ),
      1n,
    ),
  )
}

/** Transactions that have a Safe act. */
export const safeCalls: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'exec', chains: [1] },
        call: { to: [safe], functions: ['execTransaction'] },
      },
      {
        ...{ id: 'as-module', chains: [1], dangers: ['module'] },
        call: { to: [safe], functions: ['execTransactionFromModule'] },
      },
      {
        ...{ id: 'batch', chains: [1] },
        call: { to: [multiSend, vault], functions: ['multiSend'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
        maxPerRequest: { native: '0' },
      },
      {
        id: 'create',
        chains: [1],
        call: { to: [factory], functions: ['createProxyWithNonce'] },
      },
      {
        ...{ id: 'setup', chains: [1], dangers: ['owners'] },
        call: {
          ...{ to: [singleton], functions: ['setup'] },
          args: {
            owners: { every: { in: [owner, 'payees'] } },
            threshold: { atLeast: '2' },
            fallbackHandler: { equals: zero },
            payment: { equals: '0' },
          },
        },
      },
    ],
  },
  attacks: [
    [
      'a stranger is paid',
      'actions[0].rules[pay].recipients',
      exec({ data: transfer(thief, 1n) }),
      exec(),
    ],
    [
      'value beside a transfer',
      'rules[pay].maxPerRequest.native',
      exec({ value: ether(1) }),
      exec(),
    ],
    [
      'a delegatecall',
      'actions[0].rules[pay].dangers',
      exec({ operation: 1 }),
      exec(),
    ],
    [
      'a delegatecall of another batch',
      'actions[0].rules[batch].dangers',
      exec({
        to: vault,
        data: multiSendOf([usdc, transfer(acme, 1n)]),
        operation: 1,
      }),
      exec({
        to: multiSend,
        data: multiSendOf([usdc, transfer(acme, 1n)]),
        operation: 1,
      }),
    ],
    [
      'a theft in a batch',
      'actions[0.1].rules[pay].recipients',
      exec({
        to: multiSend,
        data: multiSendOf(
          [usdc, transfer(bob, 1n)],
          [usdc, transfer(thief, 1n)],
        ),
        operation: 1,
      }),
      exec({
        to: multiSend,
        data: multiSendOf(
          [usdc, transfer(bob, 1n)],
          [usdc, transfer(acme, 1n)],
        ),
        operation: 1,
      }),
    ],
    [
      'a refund by gas price',
      'actions[].rules[exec].dangers',
      exec({ gasPrice: 1n }),
      exec(),
    ],
    [
      'a refund by base gas',
      'actions[].rules[exec].dangers',
      exec({ baseGas: 1n }),
      exec(),
    ],
    [
      'a refund in a token',
      'actions[].rules[exec].dangers',
      exec({ gasToken: usdc }),
      exec(),
    ],
    [
      'a refund for a thief',
      'actions[].rules[exec].dangers',
      exec({ refundReceiver: thief }),
      exec(),
    ],
    [
      'a nonce used up without effect',
      'actions[].rules[exec].dangers',
      exec({ safeTxGas: 1n }),
      exec(),
    ],
    [
      'a module pays a stranger',
      'actions[0].rules[pay].recipients',
      asModule(usdc, transfer(thief, 1n)),
      asModule(usdc, transfer(acme, 1n)),
    ],
    [
      'a module delegates',
      'actions[0].rules[pay].dangers',
      asModule(usdc, transfer(acme, 1n), 1),
      asModule(usdc, transfer(acme, 1n)),
    ],
    [
      'a Safe of a thief',
      'actions[0].rules[setup].call.args.owners',
      setup({ owners: [owner, thief] }),
      setup(),
    ],
    [
      'a Safe with a low threshold',
      'actions[0].rules[setup].call.args.threshold',
      setup({ threshold: 1n }),
      setup(),
    ],
    [
      'a Safe that pays its creation',
      'actions[0].rules[setup].call.args.payment',
      setup({ payment: 1n }),
      setup(),
    ],
    [
      'a Safe with a handler',
      'actions[0].rules[setup].call.args.fallbackHandler',
      setup({ fallbackHandler: thief }),
      setup(),
    ],
    [
      'a Safe that delegates at once',
      'actions[0.0].rules[pay].dangers',
      setup({ to: usdc, data: transfer(acme, 1n) }),
      setup(),
    ],
  ],
}
