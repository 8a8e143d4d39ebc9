package guides_test

import (
	"context"
	"syscall/js"

	"github.com/gosio/sio/client"
)

func clock(ctx context.Context) error {
	s, err := client.New("", nil) // the page's own server; "/admin" is a namespace of that
	if err != nil {
		return err
	}
	defer s.Close()
	client.On(s, "time", func(_ context.Context, now string) error {
		js.Global().Get("document").Get("body").Set("textContent", now)
		return nil
	})
	s.Connect()
	<-ctx.Done() // the page stops hearing of anything when its program ends
	return nil
}

var _ = clock
