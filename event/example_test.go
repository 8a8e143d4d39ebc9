package event_test

import (
	"context"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

// Move travels as two arguments.
type Move struct {
	event.Tuple
	X, Y int
}

// Order is the argument of PlaceOrder, a JSON object.
type Order struct {
	Amount int `json:"amount"`
}

// Receipt is its answer.
type Receipt struct {
	Total int `json:"total"`
}

// The contract of a server and its clients, which both import.
const (
	Moved      event.Name[Move]           = "move"
	PlaceOrder event.Call[Order, Receipt] = "order"
)

func Example() {
	io := sio.NewServer(nil)
	sio.On(io, Moved, func(_ context.Context, s *sio.Socket, m Move) error {
		return sio.Emit(s.Broadcast(), Moved, m)
	})
	sio.Handle(io, PlaceOrder, func(_ context.Context, _ *sio.Socket, o Order) (Receipt, error) {
		return Receipt{Total: 3 * o.Amount}, nil
	})
}
