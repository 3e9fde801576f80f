import { pluralize, toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { network, tokens, urls } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'

export const balanceCommand = define('balance', {
  description: 'show the currency and tokens that an account holds on a chain',
  takes: {
    address: text(
      '[address]',
      "the account (default: the key's)",
      parseAddress,
    ),
    key: text('--key <id>', "the account's key (default: AWS_KMS_KEY_ID)"),
    network,
    tokens,
    urls,
  },
  help: 'With a key, calls kms:GetPublicKey.',
  examples: [
    'keyward balance',
    'keyward balance 0x7099…79C8 --rpc-url https://rpc.example.org',
  ],
  async run(terminal, options) {
    const { OnChain, readBalance } = await import('@keyward/toolkit/node')
    const { address, network, found } = await readBalance(terminal, options)
    return {
      data: { address, ...OnChain.toJson(found) },
      text: toColumns([
        ['address', address],
        ['network', `${network.name} (${network.chainId})`],
        ['balance', OnChain.format(found)],
        [
          'sent',
          `${pluralize(found.nonce, 'transaction')}, ${found.waiting} waiting`,
        ],
      ]),
    }
  },
})
