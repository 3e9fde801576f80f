import { untilSettled } from '../aws/untilSettled.js'
import type { Ceremony } from './Ceremony.js'
import { callKms } from './ImportError.js'

/**
 * Creates a key's alias, unless an earlier run did.
 *
 * @throws ImportError
 */
export async function nameKey(
  { client, say }: Ceremony,
  arn: string,
  alias: string,
): Promise<void> {
  const { CreateAliasCommand, DescribeKeyCommand } = await import(
    '@aws-sdk/client-kms'
  )
  await callKms(
    {
      client,
      keyId: arn,
      doing: `give the key the alias ${alias}`,
      permission: 'kms:CreateAlias, on the key and on the alias',
      next: 'Everything else is done, and the key can also sign without an alias.',
    },
    async () => {
      try {
        await untilSettled(() =>
          client.send(
            new CreateAliasCommand({ AliasName: alias, TargetKeyId: arn }),
          ),
        )
        say(`The key now has the alias ${alias}.`)
      } catch (error) {
        if ((error as Error).name !== 'AlreadyExistsException') throw error
        const { KeyMetadata } = await client.send(
          new DescribeKeyCommand({ KeyId: alias }),
        )
        if (KeyMetadata?.Arn !== arn) throw error
      }
    },
  )
}
