import { usageError } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { text, toggle } from '../../program/Input.js'
import { yes } from '../../program/inputs.js'
import { origin } from '../../program/originInput.js'
import { parseAlias } from '../../program/parsers.js'
import { roleInputs, toGivenRoles } from '../../program/roleInputs.js'
import { serviceInputs, serviceToken } from '../../program/tokenInputs.js'
import { keyText } from './keyText.js'
import { tokenKeyText } from './tokenText.js'

export const createCommand = define('create', {
  description: 'create a secp256k1 signing key with a strict key policy',
  takes: {
    alias: text(
      '--alias <name>',
      "the key's alias; the prefix alias/ is optional",
      parseAlias,
    ),
    description: text(
      '--description <text>',
      'a description that KMS stores with the key',
    ),
    origin,
    ...roleInputs,
    defaultPolicy: toggle(
      '--default-policy',
      "use KMS's default policy, which leaves all access to IAM",
    ),
    ...serviceInputs,
    label: text('--label <label>', "with --service pkcs11: the key's label"),
    extractable: toggle(
      '--extractable',
      'with --service pkcs11: allow exporting the key, with both PINs',
    ),
    yes,
  },
  help: `The role flags take ARNs of IAM roles and users; --admin is required. On the
local home, the default is the home's own roles (keyward env --as). You must be
one of the --admin or --deployer roles yourself. For a key with the origin
EXTERNAL, run keyward key import afterwards.
Calls kms:CreateKey, kms:GetPublicKey; for an alias, also kms:TagResource,
kms:ListAliases, kms:ListKeys, kms:ListResourceTags, kms:CreateAlias.`,
  examples: [
    'keyward key create --alias treasury \\',
    '    --admin arn:aws:iam::123456789012:role/key-admin \\',
    '    --user arn:aws:iam::123456789012:role/signer \\',
    '    --break-glass arn:aws:iam::123456789012:role/break-glass',
    'keyward key create --alias alias/bot --default-policy --yes --json',
    'keyward key create --service pkcs11 --token-label first --label treasury',
  ],
  async run(terminal, options) {
    const { label, extractable } = options
    const token = serviceToken(terminal, options)
    if (token) {
      if (label === undefined)
        usageError('a key on a token needs a name: pass --label.')
      const { createTokenKey } = await import('@keyward/toolkit/token')
      const data = await createTokenKey(terminal, token, { ...options, label })
      return { data, text: tokenKeyText(data) }
    }
    if (label !== undefined || extractable)
      usageError('--label and --extractable need --service pkcs11.')
    const { createKey } = await import('@keyward/toolkit/key')
    const given = await toGivenRoles(options)
    const data = await createKey(terminal, { ...options, given })
    return { data, text: keyText(data) }
  },
})
