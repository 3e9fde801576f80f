import type { Hex } from 'ox/Hex'
import * as AddressField from './AddressField.js'
import * as Fields from './Fields.js'
import * as HexField from './HexField.js'
import type { Parser } from './Parser.js'

export type AccessList = readonly {
  address: Hex
  storageKeys: readonly Hex[]
}[]

/**
 * A 131,072-byte transaction has room for fewer addresses and storage keys than
 * this.
 */
const maxItems = 4096

const storageKeys = Fields.list(HexField.fixed(32), maxItems)

/** An EIP-2930 access list, as `eth_createAccessList` returns it. */
export const parse: Parser<AccessList> = Fields.list(
  (value, path, problems) => {
    const known = ['address', 'storageKeys']
    const fields = Fields.open(value, known, path, problems)
    if (fields === undefined) return undefined
    const address = fields.required('address', AddressField.parse)
    const keys = fields.required('storageKeys', storageKeys)
    if (address === undefined || keys === undefined) return undefined
    return { address, storageKeys: keys }
  },
  maxItems,
)
