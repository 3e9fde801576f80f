/**
 * Overwrites secrets with zeros. Copies inside the engine or OpenSSL are out of
 * reach, but our own copies don't remain for a core dump.
 */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0)
}
