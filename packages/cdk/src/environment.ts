import { quote } from './quote.js'

// Checks what the functions are told, at synth: a function with a wrong
// environment would only say so when it is first invoked.

/** @throws Error */
export function assertAddress(address: string): string {
  if (/^0x(?!0{40}$)[0-9a-fA-F]{40}$/.test(address)) return address
  throw new Error(
    `address: ${quote(address)} is no address. Allowed: 0x and 40 hex digits, not all 0.`,
  )
}

/** @throws Error */
export function assertFee(ether: string): string {
  if (/^(?:0|[1-9]\d*)(?:\.\d{1,18})?$/.test(ether) && /[1-9]/.test(ether))
    return ether
  throw new Error(
    `maxTransactionFeeEther: ${quote(ether)} is no amount. Allowed: an amount in ether above 0, as text, such as 1 or 0.05.`,
  )
}

/** @throws Error */
export function assertFunctionName(name: string): string {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return name
  throw new Error(
    `${quote(name)} is no name for a function. Allowed: 1 to 64 letters, digits, - and _. A stack's functions are called after it: give the stack another name, of up to 49 characters.`,
  )
}

/** @throws Error */
export function assertCaller(name: string): void {
  if (/^(?![0-9]+$)[a-zA-Z0-9_-]{1,128}$/.test(name)) return
  throw new Error(
    `invokers: ${quote(name)} is no name for a caller. Allowed: 1 to 128 letters, digits, - and _, not digits alone.`,
  )
}
