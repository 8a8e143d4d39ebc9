package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

// with has work done by a fresh process of a server. How that ends counts
// too: it may tell why the work failed.
func with(ctx context.Context, s result.Server, work func(load.Target) error) error {
	p, err := start(ctx, s.Name)
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

// talk is how much of what a server writes to its standard error is passed on.
const talk = 2 << 10

// start starts a server that cannot flood our standard error.
func start(ctx context.Context, name string) (*process.Process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ours := os.Stderr
	os.Stderr = w // the server inherits it
	defer func() {
		os.Stderr = ours
		_ = w.Close()
	}()
	go func() {
		defer func() { _ = r.Close() }()
		if _, err := io.CopyN(ours, r, talk); err != nil {
			return // it ended before
		}
		_, _ = fmt.Fprintf(ours, "\n(%s says more)\n", name)
		_, _ = io.Copy(io.Discard, r)
	}()
	return process.Start(ctx, name)
}
