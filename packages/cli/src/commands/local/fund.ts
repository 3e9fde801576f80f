import { formatEther, toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { urls } from '../../program/inputs.js'
import { parseAddress, parseEther } from '../../program/parsers.js'

export const fundCommand = define('fund', {
  description: 'add ether to an account on the local chain',
  takes: {
    address: text(
      '[address]',
      "the account (default: the key's)",
      parseAddress,
    ),
    key: text('--key <id>', "the account's key (default: AWS_KMS_KEY_ID)"),
    amount: text(
      '--amount <ether>',
      'the amount to add (default: 100)',
      parseEther,
    ),
    urls,
  },
  help: 'Works only on the chain of a local home. With a key, calls kms:GetPublicKey.',
  examples: ['keyward fund', 'keyward fund 0x7099…79C8 --amount 5'],
  async run(terminal, options) {
    const { fundAccount } = await import('@keyward/toolkit/home')
    const { address, added, wei } = await fundAccount(terminal, options)
    return {
      data: { address, addedWei: String(added), wei: String(wei) },
      text: toColumns([
        ['address', address],
        ['added', `${formatEther(added)} ETH`],
        ['balance', `${formatEther(wei)} ETH`],
      ]),
    }
  },
})
