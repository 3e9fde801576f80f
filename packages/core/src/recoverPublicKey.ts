import * as Bytes from 'ox/Bytes'
import { engine } from 'ox/wasm/Secp256k1'
import * as Signature from './Signature.js'

export type Engine = Awaited<ReturnType<typeof engine>>
let loading: Promise<Engine> | undefined

/**
 * Compiles libsecp256k1 (WebAssembly, in the package) once per process. Call it
 * early: it takes about 10 ms and can overlap the first call to KMS.
 */
export function loadEngine(): Promise<Engine> {
  loading ??= engine()
  return loading
}

/**
 * Recovers the public key of a signature with a low s (SEC 1, 4.1.6), at about
 * 0.07 ms per call.
 *
 * @param digest - 32 bytes.
 * @returns 65 bytes, or undefined if no point has this r and parity.
 */
export function recoverPublicKey(
  engine: Engine,
  digest: Uint8Array,
  signature: Signature.Recovered,
): Uint8Array | undefined {
  try {
    const { r, s, yParity } = Signature.toRpc(signature)
    const bytes = Bytes.fromHex(`0x0${yParity}${r.slice(2)}${s.slice(2)}`)
    return engine.recoverPublicKey(bytes, digest)
  } catch {
    // The engine throws for numbers that no signature has, and for an r that is
    // not an x coordinate on the curve. A forged answer can contain such
    // numbers, so this is not an internal error.
    return undefined
  }
}
