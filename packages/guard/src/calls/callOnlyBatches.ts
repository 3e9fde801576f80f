import type { Hex } from '@keyward/core'

/** The addresses of MultiSendCallOnly, each with its code hash. */
export const callOnlyBatches: Readonly<Record<Hex, Hex>> = {
  '0x40a2accbd92bca938b02010e17a5b8929b49130d':
    '0xa9865ac2d9c7a1591619b188c4d88167b50df6cc0c5327fcbd1c8c75f7c066ad',
  '0xa1dabef33b3b82c7814b6d82a79e50f4ac44102b':
    '0xa9865ac2d9c7a1591619b188c4d88167b50df6cc0c5327fcbd1c8c75f7c066ad',
  '0x9641d764fc13c8b624c04430c7356c1c7c8102e2':
    '0xecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939',
}
