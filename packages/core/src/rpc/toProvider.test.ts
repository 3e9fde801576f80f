import { expect, test } from 'vitest'
import { toProvider } from './toProvider.js'

const of = (url: string) => toProvider(new URL(url))

test.each([
  ['https://eth-mainnet.g.alchemy.com/v2/key', 'alchemy.com'],
  ['https://polygon-mainnet.g.alchemy.com', 'alchemy.com'],
  ['https://rpc.example.co.uk/x', 'example.co.uk'],
  ['https://rpc.example.or.jp/x', 'example.or.jp'],
  ['https://rpc.example.go.kr/x', 'example.go.kr'],
  ['https://rpc.example.com.br/x', 'example.com.br'],
  ['https://rpc.example.io:8545', 'example.io'],
  ['https://rpc.example.io.', 'example.io'],
  ['https://RPC.Example.IO', 'example.io'],
  ['https://a.alice.workers.dev', 'alice.workers.dev'],
  ['https://node.tail1234.ts.net', 'tail1234.ts.net'],
  ['http://127.0.0.1:8545', '127.0.0.1:8545'],
  ['http://127.0.0.1:8546', '127.0.0.1:8546'],
  ['http://[::1]:8545', '[::1]:8545'],
  ['http://localhost:8545', 'localhost:8545'],
  ['http://node:8545', 'node:8545'],
  ['http://geth.eth.svc.cluster.local:8545', 'geth.eth.svc'],
  ['http://geth.eth.svc:8545', 'geth.eth.svc'],
  ['http://reth.other.svc.cluster.local:8545', 'reth.other.svc'],
  ['http://geth.prod.internal:8545', 'geth.prod.internal'],
  ['http://geth.lan:8545', 'geth.lan'],
])('%s belongs to %s', (url, provider) => {
  expect(of(url)).toBe(provider)
})

test('two hosts of one provider never count as two', () => {
  for (const [one, other] of [
    ['https://eth-mainnet.g.alchemy.com', 'https://eth.alchemyapi.io'],
    ['https://x.quiknode.pro', 'https://y.quicknode.com'],
    ['https://nd-1.p2pify.com', 'https://ethereum.core.chainstack.com'],
    ['https://bsc-dataseed.bnbchain.org', 'https://bsc-dataseed1.defibit.io'],
    // Who owns such a name, it does not say.
    [
      'https://nd-a.ethereum.managedblockchain.us-east-1.amazonaws.com',
      'https://nd-b.ethereum.managedblockchain.eu-west-1.amazonaws.com',
    ],
    [
      'https://a.elb.us-east-1.amazonaws.com',
      'https://b.execute-api.eu-west-1.amazonaws.com',
    ],
    ['https://my-node-1.fly.dev', 'https://my-node-2.fly.dev'],
    ['https://one.alice.workers.dev', 'https://two.alice.workers.dev'],
    // No registry gives out names under these.
    ['https://a.me.io', 'https://b.me.io'],
    ['https://a.or.io', 'https://b.or.io'],
    ['https://a.co.com', 'https://b.co.com'],
    // Pods of one service, and the service.
    [
      'http://geth-0.geth.eth.svc.cluster.local:8545',
      'http://geth-1.geth.eth.svc.cluster.local:8546',
    ],
    ['http://geth.eth.svc', 'http://geth.eth.svc.cluster.local'],
    ['http://node.:8545', 'http://node:8545'],
    ['http://[::ffff:127.0.0.1]:8545', 'http://127.0.0.1:8545'],
  ] as const)
    expect(`${other} ${of(other)}`).toBe(`${other} ${of(one)}`)
})
