import { AwsCallError } from '../aws/AwsCallError.js'
import type { SenderAccess } from './SenderAccess.js'

/** Works with a sender, and closes it whatever comes. */
export async function withAccess<result>(
  opening: Promise<SenderAccess>,
  work: (access: SenderAccess) => Promise<result>,
): Promise<result> {
  const access = await opening.catch((error: unknown) => {
    throw AwsCallError.from(error)
  })
  try {
    return await work(access)
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    access.close()
  }
}
