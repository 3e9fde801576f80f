import type { Command } from 'commander'
import { numberOption } from '../../program/numberOption.js'

/** Bad days on demand: what isn't given stays as it is. */
export function addFaultOptions(command: Command): Command {
  return command
    .addOption(
      numberOption('--kms-latency <ms>', 'KMS answers this much later', {
        min: 0,
        max: 600_000,
        integer: true,
      }),
    )
    .addOption(
      numberOption(
        '--kms-throttle <n>',
        'KMS throttles above so many signatures a second; 0 for never',
        { min: 0, max: 1_000_000, integer: true },
      ),
    )
    .addOption(
      numberOption('--kms-error-rate <p>', 'share of KMS calls that fail', {
        min: 0,
        max: 1,
        integer: false,
      }),
    )
    .addOption(
      numberOption('--clock-skew <seconds>', "the home's clock goes wrong by", {
        min: -31_536_000,
        max: 31_536_000,
        integer: true,
      }),
    )
}
