export * as Network from './Network.js'
export { networks } from './networks.generated.js'
