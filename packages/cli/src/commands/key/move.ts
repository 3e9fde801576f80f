import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { text, toggle } from '../../program/Input.js'
import { dryRun, keyId, yes } from '../../program/inputs.js'
import { parseAlias } from '../../program/parsers.js'
import { roleInputs, toGivenRoles } from '../../program/roleInputs.js'
import { endpointHost } from '../../program/sourceInputs.js'
import {
  officerInputs,
  officerPinOf,
  tokenInputs,
  tokenOf,
} from '../../program/tokenInputs.js'
import { allowSha1Wrapping } from './export.js'

export const moveCommand = define('move', {
  description: "move a PKCS#11 token's key into a KMS key",
  takes: {
    keyId,
    alias: text('--alias <name>', "the KMS key's alias", parseAlias),
    ...tokenInputs,
    ...officerInputs,
    allowSha1Wrapping,
    ...roleInputs,
    receipt: text('--receipt <file>', 'where to write the receipt'),
    endpointHost,
    destroySource: toggle(
      '--destroy-source',
      "destroy the token's key after KMS has signed for the account",
    ),
    dryRun,
    yes,
  },
  help: `The token wraps the key for KMS's own RSA key, so the key never leaves the token
unencrypted. Only a key made with --extractable can be moved. Afterwards, two
keys can sign for the account, unless you pass --destroy-source. If anything
fails, run the command again: it continues where it stopped.
Calls kms:CreateKey, kms:TagResource, kms:ListKeys, kms:ListResourceTags,
kms:DescribeKey, kms:GetParametersForImport, kms:ImportKeyMaterial,
kms:GetPublicKey, and kms:Sign if allowed; kms:PutKeyPolicy
with --allow-sha1-wrapping; kms:CreateAlias for an alias.`,
  examples: [
    'keyward key move --key treasury --token-label first --alias treasury',
    'keyward key move --key treasury --token-label first --dry-run',
  ],
  async run(terminal, options) {
    const given = await toGivenRoles(options)
    const { moveTokenKey } = await import('@keyward/toolkit/token')
    const data = await moveTokenKey(terminal, tokenOf(terminal, options), {
      ...{ ...options, given, allowSha1: options.allowSha1Wrapping },
      officerPin: officerPinOf(terminal, options),
    })
    return {
      data,
      text: toColumns([
        ['address', data.address],
        ['key', data.keyArn ?? undefined],
        ['on the token', data.sourceDestroyed ? 'destroyed' : data.tokenKey],
        ['receipt', data.receipt?.path],
      ]),
    }
  },
})
