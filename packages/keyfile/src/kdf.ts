import { pbkdf2, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { KeyFileError } from './KeyFileError.js'

// Asynchronous, so that Ctrl-C ends the wait at once.
const pbkdf2Async = promisify(pbkdf2)
const scryptAsync = promisify<
  Uint8Array,
  Uint8Array,
  number,
  { N: number; r: number; p: number; maxmem: number },
  Buffer
>(scrypt)

/** A gibibyte, four times as much as geth uses. */
const maxMemory = 2 ** 30
/** Eight times geth's n x r x p, which takes a few seconds. */
const maxWork = 2 ** 24
/** This many iterations also take a few seconds. */
const maxIterations = 10_000_000

export type Scrypt = {
  kind: 'scrypt'
  salt: Buffer
  n: number
  r: number
  p: number
}
export type Pbkdf2 = {
  kind: 'pbkdf2'
  salt: Buffer
  iterations: number
  hash: string
}
export type Kdf = Scrypt | Pbkdf2

/**
 * Refuses a hostile file's parameters, which would use all memory or run
 * forever.
 *
 * @throws KeyFileError
 */
export function assertAffordable(kdf: Kdf, what: string): void {
  const wrong = kdf.kind === 'scrypt' ? scryptFault(kdf) : pbkdf2Fault(kdf)
  if (wrong !== undefined) throw new KeyFileError(`${what} ${wrong}`, unusual)
  if (kdf.salt.length > 1024)
    throw new KeyFileError(
      `${what} has a salt of more than 1024 bytes.`,
      unusual,
    )
}

const unusual =
  'No wallet writes such a file. Use another copy, or export the key again.'

function scryptFault({ n, r, p }: Scrypt): string | undefined {
  if (![n, r, p].every((value) => Number.isSafeInteger(value) && value > 0))
    return 'has an scrypt parameter (n, r or p) that is not a positive whole number.'
  if (n < 2 || n > 2 ** 30 || (n & (n - 1)) !== 0)
    return 'has an scrypt parameter n that is not a power of 2 above 1.'
  if (128 * n * r > maxMemory)
    return `needs ${Math.ceil((128 * n * r) / 2 ** 20)} MiB of memory for scrypt, but at most ${maxMemory / 2 ** 20} MiB is allowed.`
  if (n * r * p > maxWork)
    return `has scrypt parameters with a product n x r x p of ${n * r * p}, but at most ${maxWork} is allowed.`
  return undefined
}

function pbkdf2Fault({ iterations }: Pbkdf2): string | undefined {
  if (!Number.isSafeInteger(iterations) || iterations < 1)
    return 'has a number of PBKDF2 rounds that is not a positive whole number.'
  return iterations > maxIterations
    ? `needs ${iterations} rounds of PBKDF2, but at most ${maxIterations} are allowed.`
    : undefined
}

/**
 * Stretches a password. The caller zeroes the result.
 *
 * @throws KeyFileError if this machine doesn't have enough memory.
 */
export async function deriveKey(
  kdf: Kdf,
  password: Uint8Array,
  length: number,
): Promise<Buffer> {
  if (kdf.kind === 'pbkdf2') {
    const { salt, iterations, hash } = kdf
    return await pbkdf2Async(password, salt, iterations, length, hash)
  }
  try {
    return await deriveByScrypt(kdf, password, length)
  } catch {
    const mebibytes = Math.ceil((128 * kdf.n * kdf.r) / 2 ** 20)
    throw new KeyFileError(
      `The key derivation (${describeKdf(kdf)}) failed on this machine.`,
      `It needs ${mebibytes} MiB of memory at once. Free some memory and try again.`,
    )
  }
}

async function deriveByScrypt(
  { salt, n: N, r, p }: Scrypt,
  password: Uint8Array,
  length: number,
): Promise<Buffer> {
  // Node also counts the memory besides the big table.
  const maxmem = 128 * r * (N + p + 2) + 2 ** 20
  if (N < 2 ** (16 * r))
    return await scryptAsync(password, salt, length, { N, r, p, maxmem })
  // RFC 7914 requires this and OpenSSL enforces it, but the keystore's own
  // specification has an example with n = 2^18 and r = 1, and early wallets
  // wrote such files.
  const noble = await import('@noble/hashes/scrypt.js')
  const options = { N, r, p, maxmem, dkLen: length }
  const { buffer, byteOffset } = await noble.scryptAsync(
    password,
    salt,
    options,
  )
  return Buffer.from(buffer, byteOffset, length)
}

/** Text for users, for example `scrypt, n = 262144`. */
export function describeKdf(kdf: Kdf): string {
  return kdf.kind === 'scrypt'
    ? `scrypt, n = ${kdf.n}, r = ${kdf.r}, p = ${kdf.p}`
    : `PBKDF2 with ${kdf.hash}, ${kdf.iterations} rounds`
}
