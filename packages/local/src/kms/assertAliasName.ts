import { AwsError } from '../protocol/Service.js'
import { validation } from './errors.js'

/**
 * Checks AWS's rules for alias names beyond the pattern in its model.
 *
 * @throws AwsError
 */
export const assertAliasName = (name: string): void => {
  if (!name.startsWith('alias/'))
    throw validation(
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  if (name.startsWith('alias/aws/'))
    throw new AwsError('NotAuthorizedException')
  if (name.includes(':'))
    throw validation(`${name} contains invalid characters for an alias`)
  if (name === 'alias/') throw new AwsError('InvalidAliasNameException')
}
