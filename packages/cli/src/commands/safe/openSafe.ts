// What the commands of a Safe read and write, by the toolkit.
export {
  assertFree,
  type OpenedSafe,
  openSafe,
  readProposal,
  rulesOf,
  type SafeOptions,
  writeJson,
} from '@keyward/toolkit/safe'
