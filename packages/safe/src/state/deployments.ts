import type { Hex } from '@keyward/core'

// Safe's contracts, from its list of deployments: by the keccak256 of their
// code, which is the same on every chain, and by their addresses.

export type Version = '1.3.0' | '1.4.1'

/** Hashes of the code that a Safe may run. */
export const singletons: Readonly<Record<Hex, Version>> = {
  '0xbba688fbdb21ad2bb58bc320638b43d94e7d100f6f3ebaab0a4e4de6304b1c2e': '1.3.0',
  '0x21842597390c4c6e3c1239e434a682b054bd9548eee5e9b1d6a4482731023c0f': '1.3.0',
  '0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4': '1.4.1',
  '0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff': '1.4.1',
}

/** Version 1.4.1, for new Safes and their batches. */
export const latest = {
  version: '1.4.1',
  /** Emits events, which indexers off mainnet need. */
  singletonL2: '0x29fcb43b46531bca003ddc8fcb67ffe91900c762',
  singleton: '0x41675c099f32341bf84bfc5382af534df5c7461a',
  proxyFactory: '0x4e1dcf7ad4e460cfd30791ccc4f9c8a4f820ec67',
  fallbackHandler: '0xfd0732dc9e303f09fcef3a7388ad10a83459ec99',
  callOnlyBatch: '0x9641d764fc13c8b624c04430c7356c1c7c8102e2',
} as const
