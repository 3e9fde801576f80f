import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'

/** Identifies the file that a key was read from. */
export type KeyFile = {
  path: string
  device: bigint
  inode: bigint
  /** SHA-256 of the content; kept only in memory. */
  digest: Buffer
}

export function describeFile(
  path: string,
  { dev, ino }: BigIntStats,
  content: Buffer,
): KeyFile {
  return { path, device: dev, inode: ino, digest: digestOf(content) }
}

export function isSameFile(
  { device, inode }: KeyFile,
  { dev, ino }: BigIntStats,
): boolean {
  return device === dev && inode === ino
}

export function digestOf(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest()
}
