import { decodeText, readInput } from '@keyward/toolkit'
import type { RpcEndpoint } from '@keyward/toolkit/deploy'
import { Option } from 'commander'
import type { Input } from '../../program/Input.js'
import type { Terminal } from '../../terminal/Terminal.js'

type Endpoint = RpcEndpoint.RpcEndpoint

/** The stack's chain endpoint. A URL with a key must not be an argument. */
export const rpcUrl: Input<Endpoint | undefined> = {
  declared: new Option(
    '--rpc-url <arn|->',
    'the RPC endpoint, which lets the stack also send transactions; - reads the URL from stdin or asks for it, and stores it as a secret',
  ),
  async read(typed, terminal) {
    if (typed === undefined) return undefined
    const { RpcEndpoint } = await import('@keyward/toolkit/deploy')
    return typed === '-'
      ? RpcEndpoint.fromSecret(await readSecret(terminal))
      : RpcEndpoint.fromArgument(String(typed), '--rpc-url')
  },
}

async function readSecret(terminal: Terminal): Promise<string> {
  const bytes =
    terminal.stdin.isTTY === true
      ? await terminal.ask('URL of the RPC endpoint (it is not shown): ')
      : await readInput(terminal, '-', '--rpc-url')
  return decodeText(bytes, '--rpc-url -')
}
