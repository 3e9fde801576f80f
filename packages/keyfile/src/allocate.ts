/**
 * Zeroed memory for a secret. `Buffer.alloc` puts up to 64 bytes on the
 * JavaScript heap, where the garbage collector moves them and leaves an
 * unreachable copy behind. An ArrayBuffer is never moved.
 */
export function allocate(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length))
}

/** A copy of a secret, in its own memory. */
export function copyOf(secret: Uint8Array): Buffer {
  const copy = allocate(secret.length)
  copy.set(secret)
  return copy
}
