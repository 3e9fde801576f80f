import type { KeyService } from '../../../packages/core/src/index.js'

let passed = 0

/** A key service that signs only when the gate itself is what calls it. */
export function watchedService(service: KeyService): KeyService {
  return {
    getPublicKey: (...call) => service.getPublicKey(...call),
    signDigest(...call) {
      const caller = new Error().stack?.split('\n')[2] ?? ''
      if (!/packages\/core\/src\/openKey\.ts/.test(caller))
        throw new Error(
          `A caller other than the gate asked for a signature: ${caller.trim()}`,
        )
      passed++
      return service.signDigest(...call)
    },
  }
}

/** How many signatures were asked for by the gate. */
watchedService.passed = () => passed
