import { BaseError } from '@keyward/core/errors'
import { type HomeCredentials, sendToHome } from '../aws/sendToHome.js'

/**
 * Changes the faults of a home in another process, with a request signed as its
 * operator.
 *
 * @returns The faults in force. An empty change only reads them.
 * @throws FaultsError
 */
export async function putFaults<faults extends object>(
  home: {
    endpoint: string
    region: string
    credentials(as: 'operator'): HomeCredentials
  },
  change: Partial<faults>,
): Promise<faults> {
  const { endpoint, region } = home
  try {
    const { status, body } = await sendToHome({
      ...{ endpoint, region, credentials: home.credentials('operator') },
      ...{ method: 'PUT', path: '/_keyward/faults' },
      body: JSON.stringify(change),
    })
    if (status === 200) return body as faults
    const { message } = body
    throw new FaultsError(
      typeof message === 'string' ? message : `HTTP status ${status}.`,
    )
  } catch (error) {
    if (error instanceof FaultsError) throw error
    throw new FaultsError("The home can't be reached.", error)
  }
}

export class FaultsError extends BaseError {
  override readonly name = 'FaultsError'

  constructor(details: string, cause?: unknown) {
    const options = cause === undefined ? { details } : { details, cause }
    super(
      'invalid-faults',
      'The local home did not change its faults.',
      options,
    )
  }
}
