import { defaulting, text } from '../../program/Input.js'
import { usualFolder } from './findHomeFolder.js'

export const dataDir = defaulting(
  text('--data-dir <folder>', 'folder of the home: keys, credentials, chain'),
  usualFolder,
)
