// Measures what docs/decisions/0019 compares: npm install && npm run bench, here and (once) in the folder above.
import { createServer } from 'node:http'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { browser } from '../tools/browser.mjs'
import { cluster } from '../mock/clusters.mjs'
import { mapOf } from '../mock/detail.mjs'
import { Motion } from '../mock/motion.mjs'

const built = new URL('./built/', import.meta.url).pathname
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const server = createServer((request, response) => {
  const file = built + (request.url === '/' ? 'index.html' : request.url.slice(1))
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
  response.end(statSync(file, { throwIfNoEntry: false }) ? readFileSync(file) : '')
})
await new Promise(listening => server.listen(0, '127.0.0.1', listening))
const maps = {
  '300 workloads, 600 edges': mapOf(new Motion(cluster('medium')), new URLSearchParams()),
  '120 namespaces, 600 edges': mapOf(new Motion(cluster('big')), new URLSearchParams()),
}
const chromium = await browser()
for (const [what, map] of Object.entries(maps)) {
  for (const name of ['own', 'svg', 'sigma', 'cytoscape', 'elk']) {
    const page = await chromium.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    const outcome = await Promise.race([
      page.evaluate(([name, map]) => window.measure(name, map), [name, map]).catch(cause => cause.message.split('\n')[0]),
      new Promise(late => setTimeout(late, 90_000, 'no end within 90 s')),
    ])
    console.log(what, name, typeof outcome === 'string' ? outcome : `layout ${outcome.layout.toFixed(0)} ms, first picture ${outcome.first.toFixed(0)} ms, ${outcome.frames.toFixed(1)} frames/s`)
    await page.close()
  }
}
for (const file of readdirSync(`${built}assets`).filter(file => file.endsWith('.js'))) {
  const content = readFileSync(`${built}assets/${file}`)
  console.log(file, `${Math.round(content.length / 1000)} kB, ${Math.round(gzipSync(content).length / 1000)} kB compressed`)
}
await chromium.close()
server.close()
