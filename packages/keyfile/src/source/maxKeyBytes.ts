/** Far more than any key: a keystore has half a KiB. */
export const maxKeyBytes = 64 * 1024
