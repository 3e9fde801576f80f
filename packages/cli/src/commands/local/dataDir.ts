import { defaulting, text } from '../../program/Input.js'

export const dataDir = defaulting(
  text('--data-dir <folder>', 'folder of the home: keys, credentials, chain'),
  '.keyward',
)
