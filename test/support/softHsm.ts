import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { softHsmConf, softHsmPlaces } from '@keyward/toolkit/home'
import { toolPath, without } from './tools.js'

export const pin = '5678'
export const officerPin = '1234'

/** For `describe.skipIf`; the end of the run says that it was left out. */
export const withoutHsm = without('softhsm2-util')
if (withoutHsm)
  console.error('\n*** PKCS#11 was NOT tested: SoftHSM2 was left out. ***\n')

/**
 * Tokens of SoftHSM2 in a folder of their own. The library reads where they are
 * from the process's environment, once: a process has one such folder.
 */
export function createSoftHsm(labels: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-hsm-'))
  const tokens = join(folder, 'tokens')
  mkdirSync(tokens)
  const conf = join(folder, 'softhsm2.conf')
  writeFileSync(conf, softHsmConf(tokens))
  process.env.SOFTHSM2_CONF = conf
  const library = softHsmPlaces.find(existsSync)
  if (library === undefined)
    throw new Error(
      `SoftHSM2's library is at none of ${softHsmPlaces.join(', ')}`,
    )
  for (const label of labels)
    execFileSync(
      toolPath('softhsm2-util'),
      [
        ...['--init-token', '--free', '--label', label],
        ...['--so-pin', officerPin, '--pin', pin],
      ],
      { stdio: 'pipe' },
    )
  return {
    folder,
    library,
    conf,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
