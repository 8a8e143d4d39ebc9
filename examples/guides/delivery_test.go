package guides_test

import "github.com/gosio/sio"

func recovering() *sio.Server {
	io := sio.NewServer(&sio.Config{Recovery: &sio.Recovery{}})
	return io
}

func once() *sio.Server {
	io := sio.NewServer(&sio.Config{Recovery: &sio.Recovery{}, Deduplicate: &sio.Deduplication{}})
	return io
}

var _ = []any{recovering, once}
