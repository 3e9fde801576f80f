import { AwsError } from '../../protocol/Service.js'
import type { LambdaContext } from '../LambdaContext.js'
import { getEntry, onFunction } from '../readRequest.js'

/**
 * Deletes a function with all its versions, or a single version to which no
 * alias points.
 */
export const DeleteFunction = onFunction(
  'lambda:DeleteFunction',
  ({ context, called }) => {
    const entry = getEntry(context, called)
    const { qualifier } = called
    if (qualifier === undefined) change(context, called.name, undefined)
    else {
      if (!/^\d+$/.test(qualifier))
        throw new AwsError(
          'InvalidParameterValueException',
          '$LATEST version cannot be deleted without deleting the function, and an alias is deleted by DeleteAlias.',
        )
      const alias = entry.aliases.find(
        ({ functionVersion }) => functionVersion === qualifier,
      )
      if (alias !== undefined)
        throw new AwsError(
          'ResourceConflictException',
          `Unable to delete version because the following aliases reference it: [${alias.name}]`,
          409,
        )
      const versions = entry.versions.filter(
        ({ version }) => version !== qualifier,
      )
      change(context, called.name, { ...entry, versions })
    }
    return { status: 204, headers: {}, body: '' }
  },
)

function change(
  { registry, pool }: LambdaContext,
  name: string,
  entry: ReturnType<LambdaContext['registry']['get']>,
): void {
  registry.update(name, () => ({ entry, value: undefined }))
  pool.retire(name, entry ? [entry.latest, ...entry.versions] : [])
}
