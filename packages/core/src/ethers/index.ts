export { KmsSigner } from './KmsSigner.js'
