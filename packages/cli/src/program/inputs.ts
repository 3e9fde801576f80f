import { Option } from 'commander'
import { type Input, list, number, required, text, toggle } from './Input.js'
import { keyOf, parseAddress, parseStack } from './parsers.js'

// Inputs that several commands share, with the same wording.

export const stack = text(
  '--stack <name>',
  'name of the stack (default: keyward, or keyward-dev on the local home)',
  parseStack,
)

export const yes = toggle('-y, --yes', "don't ask for confirmation")

/** Shows progress line by line, as without a terminal. */
export const verbose: Input<boolean> = {
  declared: new Option('--verbose', 'show every step and complete lists'),
  read(typed, terminal) {
    if (typed === true) terminal.unfold()
    return typed === true
  },
}

export const dryRun = toggle('--dry-run', 'only show what the command would do')

/** The nodes to use, including those from the environment. */
export const urls: Input<readonly string[] | undefined> = {
  declared: new Option(
    '--rpc-url <url>',
    'URL of the node to use (default: RPC_URL or ETH_RPC_URL)',
  ),
  async read(typed, terminal) {
    const { rpcUrls } = await import('@keyward/toolkit/node')
    return rpcUrls(terminal, typed as string | undefined)
  },
}

export const network = text(
  '--network <name>',
  "the chain (default: ETH_NETWORK, or the node's chain)",
)

export const tokens = list(
  '--token <address...>',
  'tokens to check in addition to the well-known ones',
  parseAddress,
)

const keyHelp = 'key id, key ARN or alias (default: AWS_KMS_KEY_ID)'

/** A required key, by flag or environment. */
export const keyId: Input<string> = {
  declared: new Option('--key <key>', keyHelp),
  read: (typed, terminal) => keyOf(terminal, typed as string | undefined),
}

/** An optional key, by flag or environment. */
export const key = text('--key <key>', keyHelp)

/** An optional key, by argument, flag or environment. */
export const argumentOrKey = {
  argument: text('[key]', keyHelp),
  key: text('--key <key>', 'the key, instead of [key]'),
}

/** A file to read, or standard input. */
export const input = () =>
  required(text('--in <file>', 'the input file; - for standard input'))

/** Starts a ledger at the given transaction count, or at the current one. */
export const newLedger: Input<bigint | true | undefined> = {
  declared: new Option(
    '--new-ledger [count]',
    'start a new ledger for an account that has already sent transactions, at this transaction count (default: the current count)',
  ),
  async read(typed) {
    if (typeof typed !== 'string') return typed === true ? true : undefined
    const { parseCount } = await import('@keyward/toolkit/ledger')
    return parseCount(typed)
  },
}

/** Where a password comes from, if not from a prompt. */
export const passwordFd = (
  flag = '--password-fd <n>',
  description = 'read the password from the first line of this file descriptor',
) => number(flag, description, { min: 0, max: 2 ** 20 })
