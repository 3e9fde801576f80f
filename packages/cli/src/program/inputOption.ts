import { Option } from 'commander'

export function inputOption(): Option {
  return new Option(
    '--in <file>',
    'the input; - for standard input',
  ).makeOptionMandatory()
}
