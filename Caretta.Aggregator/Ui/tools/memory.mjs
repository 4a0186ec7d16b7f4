// Watches the page's heap while the map changes twice a second: node tools/memory.mjs [MINUTES].
import { browser, mock } from './browser.mjs'

const minutes = Number(process.argv[2] ?? 10)
const server = await mock('--cluster', 'medium', '--every', '500')
const chromium = await browser()
const page = await chromium.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(server.url)
const session = await page.context().newCDPSession(page)
for (let minute = 0; minute <= minutes; minute++) {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  console.log(`${minute} min: heap ${(usedSize / 1e6).toFixed(1)} MB, ${nodes} nodes, ${jsEventListeners} listeners`)
  if (minute < minutes) await page.waitForTimeout(60_000)
}
await chromium.close()
server.end()
