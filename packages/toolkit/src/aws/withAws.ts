import type { Io } from '../Io.js'
import { AwsCallError } from './AwsCallError.js'
import { type AwsConnection, connectAws } from './connectAws.js'

/**
 * Runs work with AWS or the local home, and always closes the connection.
 *
 * @param keyId - A key ARN provides the account and the Region.
 * @throws InsecureEndpointError, StrangeHomeError, AwsCallError
 */
export async function withAws<result>(
  io: Io,
  { keyId }: { keyId?: string | undefined },
  work: (connection: AwsConnection) => Promise<result>,
): Promise<result> {
  const connection = await connectAws(io, keyId === undefined ? {} : { keyId })
  try {
    return await work(connection)
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    connection.close()
  }
}
