import type { Signer } from './signer.js'

/** The account, as KMS has it now: this is how an alias that moved is found. */
export async function readStatus({ config, key }: Signer) {
  const { network, expectedAddress } = config
  const { address, keyArn } = await key.checkAddress()
  return {
    eth_checksum_address: address,
    key_id: keyArn,
    network: network.name,
    chain_id: network.chainId,
    pinned: expectedAddress !== undefined,
  }
}
