import type { AwsConnection } from '../aws/connectAws.js'
import { withAws } from '../aws/withAws.js'
import type { Io } from '../Io.js'
import * as StackName from './StackName.js'

/** Runs work with the given stack, or with the target's default stack. */
export function withStack<result>(
  io: Io,
  { stack }: { stack?: string | undefined },
  work: (connection: AwsConnection, name: string) => Promise<result>,
): Promise<result> {
  if (stack !== undefined) StackName.assert(stack)
  return withAws(io, {}, (connection) =>
    work(connection, stack ?? StackName.standard(connection.target.kind)),
  )
}
