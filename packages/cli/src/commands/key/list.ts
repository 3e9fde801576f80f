import { escapeInvisible } from '@keyward/core/errors'
import { toTable } from '@keyward/toolkit'
import type { KeyDescription } from '@keyward/toolkit/aws'
import type { TokenKeyDescription } from '@keyward/toolkit/token'
import { define } from '../../program/define.js'
import { serviceInputs, serviceToken } from '../../program/tokenInputs.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { leaving } from './tokenText.js'

export const listCommand = define('list', {
  description: 'list the secp256k1 signing keys',
  takes: serviceInputs,
  help: 'Calls kms:ListKeys, kms:ListAliases, kms:DescribeKey, kms:GetPublicKey.',
  examples: [
    'keyward key list',
    'keyward key list --json',
    'keyward key list --service pkcs11 --token-label first',
  ],
  async run(terminal, options) {
    const token = serviceToken(terminal, options)
    if (token) {
      const { listTokenKeys } = await import('@keyward/toolkit/token')
      const keys = await listTokenKeys(await token())
      return { data: { keys }, text: tokenText(keys) }
    }
    const { listKeys } = await import('@keyward/toolkit/key')
    const keys = await listKeys(terminal)
    return { data: { keys }, text: listText(keys, terminal) }
  },
})

function listText(
  keys: readonly KeyDescription[],
  { stdout }: Terminal,
): string {
  if (keys.length === 0)
    return 'There are no secp256k1 signing keys here. To create one: keyward key create'
  return toTable(
    [
      { header: 'ADDRESS' },
      { header: 'KEY', shorten: (id) => `${id.slice(0, 8)}…` },
      { header: 'ALIAS' },
    ],
    keys.map((key) => [
      key.address ?? `(${key.state})`,
      ...[key.keyId, key.alias ?? ''],
    ]),
    stdout.style,
    stdout.columns,
  )
}

function tokenText(keys: readonly TokenKeyDescription[]): string {
  if (keys.length === 0)
    return 'There are no secp256k1 keys on this token. To create one: keyward key create --service pkcs11 --label NAME'
  // A label with several lines would look like several keys.
  const labels = keys.map(({ label }) => escapeInvisible(label))
  const width = Math.max(...labels.map(({ length }) => length))
  return keys
    .map((key, index) =>
      [
        (key.address ?? '(no public key)').padEnd(42),
        labels[index]?.padEnd(width),
        `export: ${leaving(key)}`,
      ].join('  '),
    )
    .join('\n')
}
