export * as Target from './aws/Target.js'
export {
  assertDelegationAllowed,
  type Delegation,
  delegationText,
} from './delegation.js'
export { type Event, type Io, note, type Question } from './Io.js'
export { assertWritableFolder, writePrivateFile } from './privateFile.js'
export {
  decodeText,
  parseJson,
  readInput,
  readJson,
  sourceName,
} from './readInput.js'
export { isUsage, reading } from './reading.js'
export type { Style } from './Style.js'
export { shellQuote, shellWord } from './shellQuote.js'
export { age } from './text/age.js'
export { changesText } from './text/changesText.js'
export { countTypes } from './text/countTypes.js'
export { formatEther } from './text/formatEther.js'
export { formatUnits } from './text/formatUnits.js'
export { pluralize } from './text/pluralize.js'
export { toColumns } from './text/toColumns.js'
export { toCsv } from './text/toCsv.js'
export { type Column, shortAddress, toTable } from './text/toTable.js'
export { wrapLines } from './text/wrapLines.js'
export { wrapText } from './text/wrapText.js'
export { UsageError, usageError } from './UsageError.js'
export { version } from './version.js'
export { writeWholeFile } from './wholeFile.js'
