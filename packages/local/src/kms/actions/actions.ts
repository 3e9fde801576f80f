import type { Action } from '../Action.js'
import { CancelKeyDeletion } from './CancelKeyDeletion.js'
import { CreateAlias } from './CreateAlias.js'
import { CreateKey } from './CreateKey.js'
import { customKeyStores } from './customKeyStores.js'
import { DeleteAlias } from './DeleteAlias.js'
import { DeleteImportedKeyMaterial } from './DeleteImportedKeyMaterial.js'
import { DescribeKey } from './DescribeKey.js'
import { DisableKey } from './DisableKey.js'
import { EnableKey } from './EnableKey.js'
import { GenerateRandom } from './GenerateRandom.js'
import { GetKeyPolicy } from './GetKeyPolicy.js'
import { GetParametersForImport } from './GetParametersForImport.js'
import { GetPublicKey } from './GetPublicKey.js'
import { grants } from './grants.js'
import { ImportKeyMaterial } from './ImportKeyMaterial.js'
import { ListAliases } from './ListAliases.js'
import { ListKeyPolicies } from './ListKeyPolicies.js'
import { ListKeys } from './ListKeys.js'
import { ListResourceTags } from './ListResourceTags.js'
import { PutKeyPolicy } from './PutKeyPolicy.js'
import { ScheduleKeyDeletion } from './ScheduleKeyDeletion.js'
import { Sign } from './Sign.js'
import { TagResource } from './TagResource.js'
import { UntagResource } from './UntagResource.js'
import { UpdateAlias } from './UpdateAlias.js'
import { UpdateKeyDescription } from './UpdateKeyDescription.js'
import { unservable } from './unservable.js'
import { Verify } from './Verify.js'

const all: Readonly<Record<string, Action>> = {
  CreateKey,
  DescribeKey,
  ListKeys,
  GetPublicKey,
  Sign,
  Verify,
  CreateAlias,
  UpdateAlias,
  DeleteAlias,
  ListAliases,
  EnableKey,
  DisableKey,
  ScheduleKeyDeletion,
  CancelKeyDeletion,
  GetKeyPolicy,
  PutKeyPolicy,
  ListKeyPolicies,
  TagResource,
  UntagResource,
  ListResourceTags,
  UpdateKeyDescription,
  GetParametersForImport,
  ImportKeyMaterial,
  DeleteImportedKeyMaterial,
  GenerateRandom,
  ...grants,
  ...customKeyStores,
  ...unservable,
}

/** Operations by the name after `TrentService.` on the wire. */
export const actions: ReadonlyMap<string, Action> = new Map(Object.entries(all))
