import { copyOf } from '../allocate.js'
/**
 * The bytes that a password may represent. geth uses a password as typed;
 * ethers and similar tools normalize it (NFKC). For ASCII, both forms are the
 * same. The caller zeroes the copies. Only a non-ASCII password passes through
 * a JavaScript string, which can't be zeroed.
 */
export function passwordForms(password: Uint8Array): Buffer[] {
  const typed = copyOf(password)
  if (password.every((byte) => byte < 0x80)) return [typed]
  const normalised = Buffer.from(typed.toString('utf8').normalize('NFKC'))
  return normalised.equals(typed) ? [typed] : [typed, normalised]
}
