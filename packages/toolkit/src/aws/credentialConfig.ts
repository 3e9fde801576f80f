import type { KMSClientConfig } from '@aws-sdk/client-kms'
import type { Io } from '../Io.js'
import { askMfaCode } from './askMfaCode.js'

/**
 * The SDK's default chain, which asks through `io` if a profile needs an MFA
 * code.
 */
export async function credentialConfig(
  io: Io,
  profile: string | undefined,
): Promise<Pick<KMSClientConfig, 'credentials' | 'profile'>> {
  const mfaCodeProvider = (serial: string) => askMfaCode(io, serial)
  if (profile !== undefined) {
    // An explicitly named profile must take precedence over environment
    // variables.
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
 * The chain's final error only says that no provider had credentials. It is
 * more useful to know what the profile lacks, which only the chain's log says.
 */
function withReason(error: Error, reasons: readonly string[]): Error {
  if (!/from any providers/.test(error.message)) return error
  const reason = reasons.find((line) => /-> .*using profile/.test(line))
  const message = reason?.replace(/^.*?-> /, '') ?? error.message
  return Object.assign(new Error(message, { cause: error }), {
    name: error.name,
  })
}
