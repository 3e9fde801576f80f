export { findWriters, type Writers } from './findWriters.js'
export * as LedgerTable from './LedgerTable.js'
export { parseCount } from './parseCount.js'
export {
  format,
  isChange,
  type ProtectionPlan,
  planProtection,
} from './planProtection.js'
export { protectTable, whoProtects } from './protectTable.js'
