import { think, type Task } from './task'

/** Beside the page's own thread: a hundred namespaces take it a quarter of a second, in which nobody could move the map. */
self.onmessage = (event: MessageEvent<Task>) => self.postMessage(think(event.data))
