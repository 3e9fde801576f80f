/**
 * Overwrites secrets with zeros. What the engine or OpenSSL copied for itself
 * is out of reach; what we hold is not left behind for a core dump.
 */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0)
}
