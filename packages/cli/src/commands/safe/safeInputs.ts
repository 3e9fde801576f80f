import { list, required, text, toggle } from '../../program/Input.js'
import { urls } from '../../program/inputs.js'
import { parseAddress, parseFileToBe } from '../../program/parsers.js'
import { parseDanger } from './parseSafe.js'

// What several commands take, in the same words.

export const safeFile = required(
  text('--safe-file <file>', 'the Safe and what was pinned'),
)

export const newSafeFile = required(
  text('--safe-file <file>', 'where to write what was pinned', parseFileToBe),
)

export const bundle = required(text('--in <file>', 'the proposal'))

export const newBundle = required(
  text('--out <file>', 'where to write the proposal', parseFileToBe),
)

export const force = toggle('--force', 'write over a file that is there')

/** The Safe, and the node that is asked about it. */
export const safeInputs = { safeFile, urls }

/** What is signed or sent all the same. */
export const openInputs = {
  open: list(
    '--open <danger>',
    'a danger that is meant, by its name; repeat it for more',
    parseDanger,
  ),
  openCall: list(
    '--open-call <address>',
    'an address whose unknown calls are meant; repeat it for more',
    parseAddress,
  ),
}
