export * as Principals from './Principals.js'
