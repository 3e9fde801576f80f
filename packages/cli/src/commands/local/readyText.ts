import type { HomeDescription } from '@keyward/local'
import { shellWord, toColumns } from '@keyward/toolkit'

/** Why a key doesn't sign. */
const limits = {
  Disabled: 'disabled',
  PendingDeletion: 'its deletion is scheduled',
  PendingImport: 'waits for its key material',
}

/** The text for users, with the running services and the next steps. */
export function readyText(
  { endpoint, rpcUrl, keys, functions }: HomeDescription,
  dataDir: string,
  isUsual: boolean,
): string {
  const folder = isUsual ? '' : ` --data-dir ${shellWord(dataDir)}`
  return [
    'The local home is running. Stop it with Ctrl-C; the keys and the chain are kept.',
    '',
    toColumns([
      ['AWS endpoint', `${endpoint}  (KMS, Lambda, CloudFormation and more)`],
      ['chain', rpcUrl ?? 'none (--no-chain)'],
      ...keys.map(({ alias, keyId, address, state }) => {
        const limit = state === 'Enabled' ? '' : `  (${limits[state]})`
        const name = alias ?? keyId
        return ['key', `${name}  ${address ?? 'no address'}${limit}`] as const
      }),
      ...functions.map(({ name }) => ['function', name] as const),
      ['folder', dataDir],
    ]),
    '',
    'In another terminal, in the checkout:',
    `  eval "$(npx --no-install keyward env${folder})"`,
    '  npx --no-install keyward send --idempotency-key order-1 --amount 0.1 \\\n    --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    '  npx --no-install keyward tx list',
  ].join('\n')
}
