package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

// with has work done by a fresh process of a server. How that ends counts
// too: it may tell why the work failed.
func with(ctx context.Context, s result.Server, work func(load.Target) error) error {
	p, err := process.Start(ctx, s.Name)
	if err != nil {
		return err
	}
	addr, err := net.ResolveTCPAddr("tcp4", p.Addr())
	if err == nil {
		err = work(load.Target{Addr: addr, Raw: s.Kind == result.Raw, CPU: p.CPU, RSS: p.RSS, Settle: p.Settle})
	}
	if ended := p.Stop(); ended != nil {
		err = errors.Join(err, fmt.Errorf("the server ended: %w", ended))
	}
	return err
}
