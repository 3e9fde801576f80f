export * as Network from './Network.js'
export * as NetworkData from './NetworkData.js'
export { networks } from './networks.generated.js'
