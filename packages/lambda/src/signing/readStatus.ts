import type { Signer } from './signer.js'

/** The account, as KMS has it now: this is how an alias that moved is found. */
export async function readStatus({ config, key }: Signer, deadline: number) {
  const { network, expectedAddress, policySha256 } = config
  const { address, keyRef } = await key.checkAddress({ deadline })
  return {
    eth_checksum_address: address,
    key_id: keyRef,
    network: network.name,
    chain_id: network.chainId,
    pinned: expectedAddress !== undefined,
    policy_sha256: policySha256 ?? null,
  }
}
