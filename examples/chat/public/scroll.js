// Scrolling: whoever reads the end sees new messages come in; whoever reads
// further up stays there, and is told how many there are below.
let box, pill
let atEnd = true
let below = 0

export function watchScroll(scrolled, button) {
  box = scrolled
  pill = button
  const list = box.firstElementChild
  box.addEventListener("scroll", () => {
    atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40
    if (atEnd) count(0)
  })
  new MutationObserver(changes => {
    if (atEnd || list.lastElementChild?.classList.contains("mine")) scrollToEnd()
    else count(below + changes.reduce((sum, change) => sum + change.addedNodes.length, 0))
  }).observe(list, { childList: true })
  new ResizeObserver(() => { if (atEnd) scrollToEnd() }).observe(box) // a phone's keyboard came up
  pill.addEventListener("click", scrollToEnd)
}

export function scrollToEnd() {
  atEnd = true
  count(0)
  box.scrollTop = box.scrollHeight
}

function count(n) {
  below = n
  pill.hidden = n === 0
  pill.textContent = n === 1 ? "1 new message ↓" : `${n} new messages ↓`
}
