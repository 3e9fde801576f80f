import { copyOf } from '../allocate.js'
/**
 * The bytes that a password may stand for. geth takes it as typed, ethers and
 * its kin normalise it (NFKC); for ASCII both are the same. The copies are the
 * caller's to zero. Only a password that is not ASCII passes through a string
 * of JavaScript, which can't be zeroed.
 */
export function passwordForms(password: Uint8Array): Buffer[] {
  const typed = copyOf(password)
  if (password.every((byte) => byte < 0x80)) return [typed]
  const normalised = Buffer.from(typed.toString('utf8').normalize('NFKC'))
  return normalised.equals(typed) ? [typed] : [typed, normalised]
}
