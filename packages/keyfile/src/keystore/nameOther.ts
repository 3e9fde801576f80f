type Members = Readonly<Record<string, unknown>>

/**
 * What JSON is that is no V3 keystore, as the rest of a sentence, and what to
 * do with it.
 */
export function nameOther(members: Members): [is: string, todo: string] {
  const { version } = members
  if (isMembers(members.crypto) && isMembers(members.crypto.kdf))
    return [
      'holds the BLS key of a validator (EIP-2335).',
      'A validator has no account: its key signs for the consensus layer only. Give the key of the account that deposits or withdraws.',
    ]
  if (version === 1 || version === '1')
    return [
      'is of version 1, and version 3 is expected.',
      'geth reads it and writes version 3: geth account update ADDRESS, with the file in its keystore folder.',
    ]
  if ('encseed' in members)
    return [
      "is a wallet of Ethereum's presale of 2014.",
      'geth reads it and writes a V3 keystore: geth wallet import FILE.',
    ]
  if ('KeyringController' in members || isVault(members))
    return [
      "is a browser wallet's vault, such as MetaMask's, with all of its accounts.",
      'Unlock the wallet, have it show the private key of the one account, and give that by --in -.',
    ]
  return [
    version === undefined
      ? 'has no version, so it is not an Ethereum keystore.'
      : 'is of another version than 3.',
    'Wallets write V3 keystores: export the key again by one of them.',
  ]
}

/** MetaMask's encryptor: `{ data, iv, salt }`, newer ones with keyMetadata. */
function isVault({ data, iv, salt, vault }: Members): boolean {
  return (
    typeof vault === 'string' ||
    [data, iv, salt].every((value) => typeof value === 'string') ||
    (isMembers(data) && 'KeyringController' in data)
  )
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
