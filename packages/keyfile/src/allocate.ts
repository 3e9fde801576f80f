/**
 * Zeroed memory for a secret. `Buffer.alloc` puts up to 64 bytes on the heap of
 * JavaScript, where the garbage collector moves them and leaves the old copy
 * behind, out of reach; an ArrayBuffer stays where it is.
 */
export function allocate(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length))
}

/** A copy of a secret, in memory of its own. */
export function copyOf(secret: Uint8Array): Buffer {
  const copy = allocate(secret.length)
  copy.set(secret)
  return copy
}
