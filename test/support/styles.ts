import { styleFor } from '../../packages/cli/src/terminal/Terminal.js'

/** As in a pipe. */
export const plain = styleFor({ isTTY: false }, {})

/** As on a terminal. */
export const coloured = styleFor({ isTTY: true }, {})
