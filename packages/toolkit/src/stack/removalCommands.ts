import { awsCommand } from '../aws/awsCommand.js'
import type { Target } from '../aws/Target.js'
import { shellWord } from '../shellQuote.js'

/**
 * Shell commands that remove a resource that CloudFormation left behind and
 * that still costs money. Empty for resources that don't cost anything.
 */
export function removalCommands(
  target: Target,
  type: string,
  id: string,
): readonly string[] {
  const word = shellWord(id)
  const aws = (command: string) => awsCommand(target, command)
  if (type === 'AWS::KMS::Key')
    return [`keyward key schedule-deletion --key ${word}`]
  if (type === 'AWS::Logs::LogGroup')
    return [aws(`logs delete-log-group --log-group-name ${word}`)]
  if (type === 'AWS::SQS::Queue')
    return [aws(`sqs delete-queue --queue-url ${word}`)]
  if (/^AWS::DynamoDB::(Global)?Table$/.test(type))
    return [
      // While deletion protection is on, AWS refuses to delete the table.
      aws(
        `dynamodb update-table --table-name ${word} --no-deletion-protection-enabled`,
      ),
      aws(`dynamodb delete-table --table-name ${word}`),
    ]
  return []
}

/** Says which AWS CLI the commands need, if any of them needs a new one. */
export function neededCli(commands: readonly string[]): string | undefined {
  return commands.some((each) => each.includes('deletion-protection'))
    ? 'aws dynamodb update-table needs AWS CLI 2.11.2 or later (version 1: 1.27.87).'
    : undefined
}
