import type { KMSClientConfig } from '@aws-sdk/client-kms'
import type { Io } from '../Io.js'
import { askMfaCode } from './askMfaCode.js'

/** The SDK's own chain, which asks `io` where a profile wants an MFA code. */
export async function credentialConfig(
  io: Io,
  profile: string | undefined,
): Promise<Pick<KMSClientConfig, 'credentials' | 'profile'>> {
  const mfaCodeProvider = (serial: string) => askMfaCode(io, serial)
  if (profile !== undefined) {
    // A profile that was named must not lose against variables that are set.
    const { fromIni } = await import('@aws-sdk/credential-provider-ini')
    return { profile, credentials: fromIni({ profile, mfaCodeProvider }) }
  }
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
  const reasons: string[] = []
  const logger = { ...silent, debug: (text: string) => reasons.push(text) }
  const provide = defaultProvider({ mfaCodeProvider, logger })
  return {
    credentials: async (...given: Parameters<typeof provide>) => {
      reasons.length = 0
      return provide(...given).catch((error: Error) => {
        throw withReason(error, reasons)
      })
    },
  }
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

/**
 * In the end the chain says of no provider that it had none. What the profile
 * lacks is worth more, and only its log has that.
 */
function withReason(error: Error, reasons: readonly string[]): Error {
  if (!/from any providers/.test(error.message)) return error
  const reason = reasons.find((line) => /-> .*using profile/.test(line))
  const message = reason?.replace(/^.*?-> /, '') ?? error.message
  return Object.assign(new Error(message, { cause: error }), {
    name: error.name,
  })
}
