// Writes dist/built-from.txt: a line for each source and each built file, as sha256sum writes and checks them. A spec of the .NET solution
// compares it with the tree, so that a change of the sources without a build is noticed by whoever has no Node.js.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const sources = ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', ...under('public'), ...under('src')]
const lines = [...sources, ...under('dist').filter(file => file !== 'dist/built-from.txt')]
  .sort((a, b) => (a < b ? -1 : 1))
  .map(file => `${createHash('sha256').update(readFileSync(new URL(file, root))).digest('hex')}  ${file}\n`)
writeFileSync(new URL('dist/built-from.txt', root), lines.join(''))

function under(folder) {
  return readdirSync(new URL(`${folder}/`, root), { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? under(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
}
