package mailbox

// growStack makes the stack of a new goroutine as large as jobs are going to
// need: growing it means to adjust every frame, so that it costs a microsecond
// in the midst of a job, and a tenth of that here, where there are none yet.
//
//go:noinline
func growStack() {
	var room [2 << 10]byte
	touch(&room)
}

//go:noinline
func touch(*[2 << 10]byte) {}
