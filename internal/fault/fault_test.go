package fault_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gosio/sio/internal/fault"
)

func TestCall(t *testing.T) {
	want := errors.New("a")
	if err := fault.Call(func() error { return want }); err != want {
		t.Error(err)
	}
	err := fault.Call(func() error { panic("oh") })
	var p *fault.Panic
	if !errors.As(err, &p) || p.Value != "oh" || !strings.Contains(string(p.Stack), "TestCall") {
		t.Error(err)
	}
}

func TestGaveUp(t *testing.T) {
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if err := fault.GaveUp(late); err != fault.ErrTimeout || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	cause := errors.New("a")
	ctx, end := context.WithCancelCause(t.Context())
	end(cause)
	if err := fault.GaveUp(ctx); err != cause {
		t.Error(err)
	}
}

func TestReserved(t *testing.T) {
	err := fault.Reserved("connect")
	if !errors.Is(err, fault.ErrReservedEvent) || err.Error() != `"connect" is a reserved event name` {
		t.Error(err)
	}
}
