import { AwsError } from '../protocol/Service.js'
import { validation } from './errors.js'

/**
 * What AWS demands of an alias's name beyond the pattern of the model.
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
