import type { JsonObject } from '../Json.js'
import { readProperties, text } from '../properties.js'
import type { ResourceType } from '../ResourceType.js'
import { TemplateError } from '../TemplateError.js'
import { changeOf } from './recordOnly.js'

const read = (properties: JsonObject) =>
  readProperties(properties, { AliasName: text, TargetKeyId: text }, [
    'AliasName',
    'TargetKeyId',
  ])

const identify: ResourceType['identify'] = (properties, { home }) => {
  const { AliasName } = read(properties)
  return {
    physicalId: AliasName,
    attributes: {
      AliasName,
      Arn: `arn:aws:kms:${home.region}:${home.accountId}:${AliasName}`,
    },
  }
}

export const KmsAlias: ResourceType = {
  check(properties) {
    const { AliasName } = read(properties)
    if (!/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(AliasName))
      throw new TemplateError(
        `AliasName is ${JSON.stringify(AliasName.slice(0, 80))}. It must be alias/ followed by 1 to 250 letters, digits, /, _ or -, but not alias/aws/.`,
      )
  },
  identify,
  change: changeOf(identify),
  taken({ physicalId }, { home }) {
    const key = home.kms.keys().find((k) => k.aliases.includes(physicalId))
    return (
      key &&
      `The alias ${physicalId} is taken: it points to the key ${key.keyId}. Delete that alias, or give the stack another alias.`
    )
  },
  async make(properties, { home }) {
    const input = read(properties)
    const exists = home.kms
      .keys()
      .some(({ aliases }) => aliases.includes(input.AliasName))
    const operation = exists ? 'UpdateAlias' : 'CreateAlias'
    await home.kms.call(operation, input, home.deployer)
    return undefined
  },
  async update(_, properties, { home }) {
    await home.kms.call('UpdateAlias', read(properties), home.deployer)
    return undefined
  },
  async remove({ physicalId }, { home }) {
    const isThere = home.kms
      .keys()
      .some(({ aliases }) => aliases.includes(physicalId))
    if (!isThere) return
    const input = { AliasName: physicalId }
    await home.kms.call('DeleteAlias', input, home.deployer)
  },
}
