import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groups } from '../../test/mutation/groups.mjs'
import { root } from '../setup/root.mjs'
import { formatMutants } from './formatMutants.mjs'
import { readReport } from './readReport.mjs'

/** @param {string} group */
export const reportOf = (group) =>
  join(root, '.keyward-mutation', `${group}.json`)

/** @param {string} name of the group */
export function readGroup(name) {
  const path = join(root, 'test', 'mutation', 'reasons.json')
  const reasons = JSON.parse(readFileSync(path, 'utf8'))
  const goal = groups[name]?.goal ?? 100
  return { name, goal, ...readReport(reportOf(name), reasons) }
}

/** Writes bench/mutants.md. Groups without a report here stay unchanged. */
export function writePage() {
  const path = join(root, 'bench', 'mutants.md')
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const parts = Object.keys(groups).map((name) =>
    existsSync(reportOf(name)) ? readGroup(name) : name,
  )
  writeFileSync(path, formatMutants(parts, before))
}
