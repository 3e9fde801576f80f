import { type Faults, readLocalHome } from '@keyward/local'
import { note, toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { findHomeFolder } from './findHomeFolder.js'
import { HomeNotRunningError } from './HomeNotRunningError.js'
import { putFaults } from './putFaults.js'
import { type FaultOptions, toFaults } from './toFaults.js'

/** Changes the faults that were given, and tells those in force. */
export async function changeFaults(
  terminal: Terminal,
  options: FaultOptions & { dataDir: string },
): Promise<Result<Faults>> {
  const dataDir = findHomeFolder(options.dataDir)
  const home = await readLocalHome(dataDir)
  if (!home.running) throw new HomeNotRunningError(dataDir)
  note(terminal, `local home ${home.endpoint}`)
  const data = await putFaults(home, toFaults(options))
  return {
    data,
    text: toColumns([
      ['--kms-latency', `${data.kmsLatencyMs} ms`],
      ['--kms-throttle', `${data.kmsThrottle} a second (0 is off)`],
      ['--kms-error-rate', String(data.kmsErrorRate)],
      ['--clock-skew', `${data.clockSkewS} s`],
    ]),
  }
}
