type Members = Readonly<Record<string, unknown>>

/**
 * Identifies JSON that is not a V3 keystore. Returns the rest of a sentence
 * that describes it, and the next step.
 */
export function nameOther(members: Members): [is: string, todo: string] {
  const { version } = members
  if (isMembers(members.crypto) && isMembers(members.crypto.kdf))
    return [
      "contains a validator's BLS key (EIP-2335).",
      'A validator has no account: its key signs only for the consensus ' +
        'layer. Pass the key of the account that deposits or withdraws.',
    ]
  if (version === 1 || version === '1')
    return [
      'has version 1. Version 3 is expected.',
      "Put the file in geth's keystore folder and convert it to version 3: " +
        'geth account update ADDRESS.',
    ]
  if ('encseed' in members)
    return [
      "is a wallet from Ethereum's 2014 presale.",
      'Convert it to a V3 keystore with geth: geth wallet import FILE.',
    ]
  if ('KeyringController' in members || isVault(members))
    return [
      "is a browser wallet's vault, such as MetaMask's, with all its accounts.",
      'Unlock the wallet, show the private key of the account you want, and ' +
        'pass that key with --in -.',
    ]
  return [
    version === undefined
      ? 'has no version, so it is not an Ethereum keystore.'
      : 'has a version other than 3.',
    'Export the key from a wallet as a V3 keystore.',
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
