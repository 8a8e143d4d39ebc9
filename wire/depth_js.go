package wire

// maxDepth is far from what a browser's stack is enough for: what is beyond ends the
// program, and nothing can recover that.
const maxDepth = 1000
