import './style/font.css'
import './style/base.css'
import './style/bar.css'
import './style/map.css'
import './style/panel.css'
import './style/tables.css'
import { App } from './app'

const app = new App()
document.body.append(app.element)
app.start()
