import { shellWord } from '../shellQuote.js'

/**
 * Shell commands that remove a resource that CloudFormation left behind and
 * that still costs money. Empty for resources that don't cost anything.
 */
export function removalCommands(type: string, id: string): readonly string[] {
  const word = shellWord(id)
  if (type === 'AWS::KMS::Key')
    return [`keyward key schedule-deletion --key ${word}`]
  if (type === 'AWS::Logs::LogGroup')
    return [`aws logs delete-log-group --log-group-name ${word}`]
  if (type === 'AWS::SQS::Queue')
    return [`aws sqs delete-queue --queue-url ${word}`]
  if (/^AWS::DynamoDB::(Global)?Table$/.test(type))
    return [
      // While deletion protection is on, AWS refuses to delete the table.
      `aws dynamodb update-table --table-name ${word} --no-deletion-protection-enabled`,
      `aws dynamodb delete-table --table-name ${word}`,
    ]
  return []
}
