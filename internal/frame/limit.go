package frame

// frameCost is what a frame counts for beyond its payload, so that the limit of
// a queue holds for the memory of many small or empty frames, too.
const frameCost = 64

// Limit bounds a queue of frames. Zero or less is no limit.
type Limit struct {
	Bytes  int // of payload, and 64 for each frame
	Frames int
}

// Exceeded reports whether so many frames, with payload of so many bytes, are
// too many.
func (l Limit) Exceeded(bytes, frames int) bool {
	return l.Bytes > 0 && bytes+frameCost*frames > l.Bytes || l.Frames > 0 && frames > l.Frames
}

// Polite is the limit for what can wait or be dropped: it leaves an eighth of the
// queue, at least, to what can not, such as heartbeats.
func (l Limit) Polite() Limit { return Limit{Bytes: most(l.Bytes), Frames: most(l.Frames)} }

// most returns seven eighths of a limit, but not 0, which is none.
func most(limit int) int {
	if limit <= 1 {
		return limit
	}
	return limit - (limit+7)/8
}
