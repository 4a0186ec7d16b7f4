// axe-core over the page's views, dark and light: node tools/axe.mjs. Ends with 1 when there is a serious or critical violation.
import { readFileSync } from 'node:fs'
import { browser, mock } from './browser.mjs'

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const chromium = await browser()
let bad = 0
for (const [cluster, query, act] of [
  ['shop', '', null], ['shop', '', page => page.keyboard.press('?')], ['shop', '?view=table', null], ['shop', '?view=matrix', null], ['shop', '?changes=60', null],
  ['shop', '?namespace=shop&hide=n:data', page => page.getByRole('button', { name: 'Filters' }).click()],
  ['shop', '', async page => { await page.locator('.canvas').focus(); await page.keyboard.press('ArrowRight'); await page.keyboard.press('Enter'); await page.waitForTimeout(800) }],
  ['shop', '', async page => { await page.keyboard.press('/'); await page.keyboard.type('a'); await page.waitForTimeout(600) }],
  ['empty', '', null],
]) {
  const server = await mock('--cluster', cluster)
  for (const colorScheme of ['dark', 'light']) {
    const page = await chromium.newPage({ colorScheme, viewport: { width: 1440, height: 900 } })
    await page.goto(server.url + query)
    await page.waitForTimeout(1000)
    await act?.(page)
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => globalThis.axe.run())
    for (const { id, impact, help, nodes } of violations) {
      bad += impact === 'serious' || impact === 'critical' ? 1 : 0
      console.log(cluster, query, colorScheme, impact, id, help, nodes.slice(0, 3).map(node => `${node.target} ${node.any[0]?.message ?? ''}`).join(' | '))
    }
    await page.close()
  }
  server.end()
}
await chromium.close()
console.log(`${bad} serious or critical`)
process.exit(bad > 0 ? 1 : 0)
