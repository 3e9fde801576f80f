import type { JsonObject } from '../Json.js'
import { ignored, integer, oneOf, readProperties, text } from '../properties.js'
import { recordOnly } from './recordOnly.js'

const read = (properties: JsonObject) =>
  readProperties(properties, {
    LogGroupName: text,
    LogGroupClass: oneOf('STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'),
    RetentionInDays: integer,
    Tags: ignored,
  })

/** What functions log goes to the home's output; the group is a name. */
export const LogsLogGroup = recordOnly({
  check: (properties) => void read(properties),
  identify(properties, { generatedName, home }) {
    const { LogGroupName = generatedName } = read(properties)
    const { region, accountId } = home
    return {
      physicalId: LogGroupName,
      attributes: {
        Arn: `arn:aws:logs:${region}:${accountId}:log-group:${LogGroupName}:*`,
      },
    }
  },
})
