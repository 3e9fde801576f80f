import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { type WrappingKeySpec, wrappingKeySpecs } from './WrappingAlgorithm.js'

export type WrappingKeyPair = {
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Buffer
  /** PKCS#8, DER. */
  privateKey: Buffer
}

/**
 * RSA key pairs created in advance, because each can take several seconds. A
 * pair leaves the pool when it is used, so none serves two import tokens.
 */
export type WrappingKeyPool = {
  /**
   * Starts to fill the pool, one pair at a time to keep the machine responsive.
   */
  warm(): void
  take(spec: WrappingKeySpec): Promise<WrappingKeyPair>
  close(): void
}

export const createWrappingKeyPool = (): WrappingKeyPool => {
  const ready = new Map<WrappingKeySpec, WrappingKeyPair[]>(
    wrappingKeySpecs.map((spec) => [spec, []]),
  )
  // The size grows to two once a spec is used.
  const target = new Map<WrappingKeySpec, number>(
    wrappingKeySpecs.map((spec) => [spec, 1]),
  )
  let closed = false
  let filling = false

  const fill = async (): Promise<void> => {
    if (filling) return
    filling = true
    try {
      // Largest first: it is the slowest and the usual choice.
      for (;;) {
        const spec = [...wrappingKeySpecs]
          .reverse()
          .find(
            (each) => (ready.get(each)?.length ?? 0) < (target.get(each) ?? 0),
          )
        if (closed || !spec) return
        const pair = await generate(spec)
        if (!closed) ready.get(spec)?.push(pair)
      }
    } finally {
      filling = false
    }
  }
  // If a pair couldn't be created in advance, it is created on request.
  const fillQuietly = (): void => void fill().catch(() => undefined)

  return {
    warm: fillQuietly,
    take: async (spec) => {
      target.set(spec, 2)
      const pair = ready.get(spec)?.shift() ?? (await generate(spec))
      fillQuietly()
      return pair
    },
    close: () => {
      closed = true
      for (const pairs of ready.values())
        for (const pair of pairs.splice(0)) pair.privateKey.fill(0)
    },
  }
}

const generateRsa = promisify(generateKeyPair)

const generate = (spec: WrappingKeySpec): Promise<WrappingKeyPair> =>
  generateRsa('rsa', {
    modulusLength: Number(spec.slice('RSA_'.length)),
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
